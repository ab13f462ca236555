package import AlbertArchitecture
package import AlbertBytes
package import AlbertGraphEngine
package import AlbertGraphs
internal import AlbertTensors

/// What a graph of a transformer takes, filled from ALBERT's inputs.
package struct GraphFeed {
  private enum Role {
    case ids, mask, segments, positions
  }

  private let model: GraphModel

  /// Looks at the inputs of a graph when it is asked for values.
  package init(_ model: GraphModel) { self.model = model }

  /// The values of the graph's inputs, by name.
  ///
  /// Exporters call them alike but for prefixes and suffixes (`input_ids:0`, `segment_ids`). Throws
  /// where one is none of these.
  package func values(_ inputs: ModelInputs) throws(FileError) -> [String: GraphValue] {
    var result: [String: GraphValue] = [:]
    for port in model.graph.inputs {
      guard let role = Self.role(port.name) else {
        throw FileError(
          model.path, .unsupported("the graph's input '\(port.name)', which is none of ALBERT's,"),
          remedy: "run the graph with inputs from a file that has an array of that name")
      }
      let integers =
        switch role {
        case .ids: inputs.inputIDs
        case .mask: inputs.attentionMask
        case .segments: inputs.tokenTypeIDs
        case .positions: (0..<inputs.shape.count).map { $0 % inputs.sequence }
        }
      let type = port.type ?? .int64
      let value = GraphValue(integers.map(Int64.init), .int64, inputs.shape)
      result[port.name] = type.family == .numbers ? value.asNumbers(type) : value
    }
    return result
  }

  /// How many sequences and tokens the graph takes, where it takes a fixed number.
  package var fixed: (sequences: Int?, tokens: Int?) {
    for port in model.graph.inputs where Self.role(port.name) == .ids {
      guard let extents = port.extents, extents.count == 2 else { continue }
      let sizes = extents.map { extent -> Int? in
        if case .fixed(let size) = extent { size } else { nil }
      }
      return (sizes[0], sizes[1])
    }
    return (nil, nil)
  }

  private static func role(_ name: String) -> Role? {
    let name = name.lowercased()
    if name.contains("mask") { return .mask }
    if name.contains("type") || name.contains("segment") { return .segments }
    if name.contains("position") { return .positions }
    if name.contains("ids") || name.contains("word") || name.contains("token") { return .ids }
    return nil
  }
}

extension GraphValue {
  /// Integers as numbers.
  fileprivate func asNumbers(_ type: GraphType) -> GraphValue {
    GraphValue(doubles, type, shape)
  }
}
