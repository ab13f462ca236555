package import AlbertArchitecture
package import AlbertJSON
package import AlbertVerification

/// What `albert run` computed, as text and as JSON.
package struct RunReport: Sendable {
  /// The model.
  package let model: String
  /// Who computed it.
  package let engine: Engine
  /// Every stage that was computed.
  package let outputs: [StageStatistics]
  /// The file that holds them.
  package let file: String?

  /// States the result.
  package init(model: String, engine: Engine, outputs: [StageStatistics], file: String?) {
    self.model = model
    self.engine = engine
    self.outputs = outputs
    self.file = file
  }

  /// The result in words.
  package func lines(terminal: Terminal) -> [String] {
    let type = engine == .reference ? "float64" : "float32"
    var table = TextTable(
      [.left, .left, .right, .right, .right, .right],
      titles: ["stage", "shape", "mean", "std", "min", "max"])
    for output in outputs {
      let numbers = [output.mean, output.standardDeviation, output.min, output.max]
      table.add(
        [output.stage.name, output.shape.description] + numbers.map { Numbers.fixed($0, 4) }
          + (output.nonFinite > 0 ? ["\(output.nonFinite) values are no finite numbers"] : []))
    }
    return ["ran  \(Terminal.shown(model))  (\(engine.rawValue) engine, \(type))"]
      + table.lines(terminal: terminal)
      + (file.map { ["wrote  \(Terminal.shown($0))"] } ?? [])
  }

  /// The document that `--json` prints.
  package var json: JSONValue {
    JSONReport.document([
      JSONMember("result", .string("ok")),
      JSONMember("model", .string(model)),
      JSONMember("engine", .string(engine.rawValue)),
      JSONMember("output", .optional(file)),
      JSONMember(
        "outputs",
        .array(
          outputs.map { output in
            .object([
              JSONMember("name", .string(output.stage.name)),
              JSONMember("shape", .array(output.shape.dimensions.map { .count($0) })),
              JSONMember("mean", .finite(output.mean)),
              JSONMember("std", .finite(output.standardDeviation)),
              JSONMember("min", .finite(output.min)),
              JSONMember("max", .finite(output.max)),
              JSONMember("non_finite", .count(output.nonFinite)),
            ])
          })),
    ])
  }
}
