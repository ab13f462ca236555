package import AlbertGraphEngine
package import AlbertJSON
package import AlbertPipelines
package import AlbertVerification

/// What `albert run` computed, as text and as JSON: its stages, and what they say of texts.
package struct RunReport: Sendable {
  package let model: String
  /// Who computed it, such as `reference`.
  package let engine: String
  /// The type of its numbers, such as `float64`.
  package let type: String
  /// Every stage or value that was computed.
  package let outputs: [ValueStatistics]
  /// What boundaries between integers move in a graph that rounds numbers to some.
  package let roundings: RoundingEffect?
  /// What the heads say of each text; empty where the inputs were not texts.
  package let readings: [TextReading]
  /// The file that holds the stages, or the texts' vectors.
  package let file: String?

  package init(
    model: String, engine: String, type: String, outputs: [ValueStatistics],
    roundings: RoundingEffect? = nil, readings: [TextReading] = [], file: String?
  ) {
    self.model = model
    self.engine = engine
    self.type = type
    self.outputs = outputs
    self.roundings = roundings
    self.readings = readings
    self.file = file
  }

  /// The result in words: what the heads say, or without texts what the stages are like.
  package func lines(terminal: Terminal) -> [String] {
    let wrote = file.map { ["wrote  \(Terminal.shown($0))"] } ?? []
    let lines = outputs.isEmpty ? [] : stageLines(terminal: terminal)
    let texts = readings.map { ReadingReport.lines($0, terminal: terminal) }
    return ([lines].filter { !$0.isEmpty } + texts).joined(separator: [""]) + wrote
  }

  private func stageLines(terminal: Terminal) -> [String] {
    var table = TextTable(
      [.name, .left, .right, .right, .right, .right, .left],
      titles: ["name", "shape", "mean", "std", "min", "max"])
    for output in outputs {
      let numbers = [output.mean, output.standardDeviation, output.min, output.max]
      table.add(
        [output.name, output.shape.description] + numbers.map { Numbers.fixed($0, 4) }
          + (output.nonFinite > 0 ? [Numbers.notFinite(output.nonFinite)] : []))
    }
    return ["ran  \(Terminal.shown(model))  (\(engine) engine, \(type))"]
      + table.lines(terminal: terminal)
      + (roundings.map { terminal.wrapped(RoundingReport.sentence($0), indentation: 0) } ?? [])
  }

  /// The document that `--json` prints.
  package var json: JSONValue {
    var members: JSONValue = [
      "result": .string("ok"),
      "model": .string(model),
      "engine": .string(engine),
      "output": .optional(file),
      "outputs": .array(of: outputs) { output in
        [
          "name": .string(output.name),
          "shape": .array(output.shape.dimensions.map { .count($0) }),
          "mean": .finite(output.mean),
          "std": .finite(output.standardDeviation),
          "min": .finite(output.min),
          "max": .finite(output.max),
          "non_finite": .count(output.nonFinite),
        ]
      },
    ]
    if let roundings { members = members.adding(["roundings": RoundingReport.json(roundings)]) }
    if !readings.isEmpty {
      members = members.adding(["texts": .array(readings.map(ReadingReport.json))])
    }
    return JSONReport.document(members)
  }
}
