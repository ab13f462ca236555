internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertTensors

/// Holds what a graph is given against what it says it takes.
struct GraphInputs {
  private let model: GraphModel

  init(_ model: GraphModel) { self.model = model }

  /// The values with the types that the graph declares.
  ///
  /// Throws where one is missing, unknown, or does not fit.
  func check(_ given: [String: GraphValue]) throws(FileError) -> [String: GraphValue] {
    var result: [String: GraphValue] = [:]
    var extents: [String: Int] = [:]
    for port in model.graph.inputs {
      guard let value = given[port.name] else {
        throw FileError(
          model.path, .missing("the input '\(port.name)' of the graph"),
          remedy: "give an array of that name")
      }
      if let stated = port.extents {
        let fits =
          stated.count == value.rank
          && zip(stated, value.dimensions).allSatisfy { stated, found in
            switch stated {
            case .fixed(let size): return size == found
            case .named(let name):
              let known = extents[name] ?? found
              extents[name] = known
              return known == found
            case .unknown: return true
            }
          }
        guard fits else {
          throw FileError(
            model.path,
            .mismatch(
              of: "the shape of the input '\(port.name)'", expected: Self.words(stated, extents),
              found: value.shape.description))
        }
      }
      guard let converted = Self.converted(value, to: port.type ?? value.type) else {
        throw FileError(
          model.path,
          .mismatch(
            of: "the type of the input '\(port.name)'",
            expected: port.type?.rawValue ?? "", found: value.type.rawValue))
      }
      result[port.name] = converted
    }
    for (name, value) in given where model.graph.initializers[name] != nil { result[name] = value }
    return result
  }

  /// The value as `type`, where no number changes but by rounding to a narrower floating-point type.
  private static func converted(_ value: GraphValue, to type: GraphType) -> GraphValue? {
    if value.type == type { return value }
    switch (value.storage, type.family) {
    case (.numbers(let numbers), .numbers):
      return GraphValue(numbers.map { type.nearest($0) }, type, value.shape)
    case (.integers(let integers), .integers):
      guard integers.allSatisfy({ type.range.contains($0) }) else { return nil }
      return GraphValue(integers, type, value.shape)
    case (.integers(let integers), .flags):
      guard integers.allSatisfy({ $0 == 0 || $0 == 1 }) else { return nil }
      return GraphValue(integers.map { $0 == 1 }, value.shape)
    case (.flags(let flags), .integers):
      return GraphValue(flags.map { $0 ? 1 : 0 }, type, value.shape)
    case (.integers, .numbers):
      let numbers = value.doubles
      guard numbers.allSatisfy({ type.nearest($0) == $0 }) else { return nil }
      return GraphValue(numbers, type, value.shape)
    default: return nil
    }
  }

  private static func words(_ extents: [GraphPort.Extent], _ known: [String: Int]) -> String {
    let words = extents.map { extent in
      switch extent {
      case .fixed(let size): "\(size)"
      case .named(let name): known[name].map { "\(name) = \($0)" } ?? name
      case .unknown: "any"
      }
    }
    return "[\(words.joined(separator: ", "))]"
  }
}
