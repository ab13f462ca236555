package import AlbertArchitecture
package import AlbertBytes
package import AlbertGraphEngine
package import AlbertGraphs
internal import AlbertTensors

/// What a graph of a transformer takes, filled from ALBERT's inputs.
package struct GraphFeed {
  /// What an input is to a transformer.
  enum Role {
    case ids, mask, segments, positions
  }

  private let model: GraphModel

  /// Looks at the inputs of a graph when it is asked for values.
  package init(_ model: GraphModel) { self.model = model }

  /// The values of the graph's inputs, by name, or of those that are named.
  ///
  /// Exporters call them alike but for prefixes and suffixes (`input_ids:0`, `segment_ids`). Throws
  /// where one is none of these.
  package func values(
    _ inputs: ModelInputs, names: [String]? = nil
  ) throws(FileError) -> [String: GraphValue] {
    var result: [String: GraphValue] = [:]
    for port in model.graph.inputs where names?.contains(port.name) ?? true {
      guard let role = Self.role(port) else {
        throw FileError(
          model.path, .unsupported("the graph's input '\(port.name)', which is none of ALBERT's,"),
          remedy: "hold the graph against another graph or against recorded outputs, with inputs "
            + "from a file that has arrays of the graph's names")
      }
      let integers =
        switch role {
        case .ids: inputs.inputIDs
        case .mask: inputs.attentionMask
        case .segments: inputs.tokenTypeIDs
        case .positions: (0..<inputs.shape.count).map { $0 % inputs.sequence }
        }
      let type = port.type ?? .int64
      result[port.name] =
        type.family == .numbers
        ? GraphValue(integers.map(Double.init), type, inputs.shape)
        : GraphValue(integers.map(Int64.init), .int64, inputs.shape)
    }
    return result
  }

  /// How many sequences and tokens the graph takes, where it takes a fixed number.
  package var fixed: (sequences: Int?, tokens: Int?) {
    let sizes = sizes
    guard sizes.count == 3 else { return (sizes.first ?? nil, sizes.last ?? nil) }
    return (sizes[0] == nil && sizes[1] == nil ? nil : (sizes[0] ?? 1) * (sizes[1] ?? 1), sizes[2])
  }

  /// Inputs as the graph takes them: with an axis of choices where its ids have one, without padding where
  /// it takes no mask, and of one segment where it takes none.
  func shaped(_ inputs: ModelInputs) throws(FileError) -> ModelInputs {
    let sizes = sizes
    let questions = sizes.count == 3 ? sizes[0] ?? 1 : 1
    let count = inputs.shape.count
    do throws(InputProblem) {
      return try ModelInputs(
        inputIDs: inputs.inputIDs,
        shape: sizes.count == 3
          ? Shape([questions, inputs.sequences / questions, inputs.sequence]) : inputs.shape,
        attentionMask: takes(.mask) ? inputs.attentionMask : [Int](repeating: 1, count: count),
        tokenTypeIDs: takes(.segments) ? inputs.tokenTypeIDs : [Int](repeating: 0, count: count))
    } catch {
      throw FileError(
        model.path, .inexpressible("the probe has not as many rows as the graph takes"))
    }
  }

  /// What a graph cannot be asked about, since it has no input for it; nothing where it takes all.
  var findings: [Finding] {
    let mask = Finding(
      .warning, code: "graph-takes-no-mask",
      "the graph takes no attention mask, so that it attends to padding too: it was run on rows "
        + "without padding")
    let segments = Finding(
      .note, code: "graph-takes-no-segments",
      "the graph takes no token_type_ids: all tokens are of the first segment")
    return (takes(.mask) ? [] : [mask]) + (takes(.segments) ? [] : [segments])
  }

  private func takes(_ role: Role) -> Bool {
    model.graph.inputs.contains { Self.role($0) == role }
  }

  /// Whether it takes token ids.
  var takesIDs: Bool { takes(.ids) }

  /// Whether all that it takes is ALBERT's.
  var isALBERTs: Bool { takesIDs && model.graph.inputs.allSatisfy { Self.role($0) != nil } }

  /// The extents of the graph's ids, nil where any will do; empty where it has none.
  private var sizes: [Int?] {
    for port in model.graph.inputs where Self.role(port) == .ids {
      guard let extents = port.extents, extents.count == 2 || extents.count == 3 else { continue }
      return extents.map { if case .fixed(let size) = $0 { size } else { nil } }
    }
    return []
  }

  /// What an input is, by its name: token ids, segments and positions are integers.
  static func role(_ port: GraphPort) -> Role? {
    let role = role(port.name)
    return role == .mask || (port.type ?? .int64).family == .integers ? role : nil
  }

  private static func role(_ name: String) -> Role? {
    let name = name.lowercased()
    // Before the mask: KerasHub's masked-LM head takes 'mask_positions'.
    if name.contains("position") { return .positions }
    if name.contains("mask") { return .mask }
    if name.contains("type") || name.contains("segment") { return .segments }
    if name.contains("ids") || name.contains("word") || name.contains("token") { return .ids }
    return nil
  }
}
