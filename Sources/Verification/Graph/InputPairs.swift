internal import AlbertGraphEngine
internal import AlbertGraphs

/// Which inputs of two graphs are the same: by their names, by what exporters add to these, by what they are
/// to a transformer, and what is left by its place.
struct InputPairs {
  /// Of each input of the other graph, the name of the first one's.
  private(set) var names: [String: String] = [:]
  /// Pairs that were made by their places alone.
  private(set) var guesses: [(other: String, own: String)] = []
  private let ports: [GraphPort]
  private let others: [GraphPort]

  init(_ ports: [GraphPort], _ others: [GraphPort]) {
    self.ports = ports
    self.others = others
    pair { $0.name == $1.name }
    pair { Self.plain($0.name) == Self.plain($1.name) }
    pair { GraphFeed.role($0) != nil && GraphFeed.role($0) == GraphFeed.role($1) }
    let (left, rest) = (self.left, othersLeft)
    guard left.count == rest.count, zip(left, rest).allSatisfy(Self.fit) else { return }
    for (port, other) in zip(left, rest) {
      names[other.name] = port.name
      guesses.append((other.name, port.name))
    }
  }

  /// Inputs of the first graph with the shapes that both take.
  var merged: [GraphPort] {
    ports.map { port in
      guard let other = others.first(where: { names[$0.name] == port.name }),
        let extents = port.extents, let stated = other.extents, extents.count == stated.count
      else { return port }
      var port = port
      port.extents = zip(extents, stated).map { if case .fixed = $1 { $1 } else { $0 } }
      return port
    }
  }

  /// The other graph's values: its own where there are some, else those of the pairs.
  func values(
    _ own: [String: GraphValue], others known: [String: GraphValue] = [:]
  ) -> [String: GraphValue] {
    var result = known
    for port in others where result[port.name] == nil {
      result[port.name] = names[port.name].flatMap { own[$0] }
    }
    return result
  }

  private var left: [GraphPort] {
    let taken = Set(names.values)
    return ports.filter { !taken.contains($0.name) }
  }

  private var othersLeft: [GraphPort] { others.filter { names[$0.name] == nil } }

  /// Pairs what is left where one alone fits.
  private mutating func pair(_ isSame: (GraphPort, GraphPort) -> Bool) {
    for port in left {
      let same = othersLeft.filter { isSame(port, $0) }
      if same.count == 1, left.count(where: { isSame($0, same[0]) }) == 1 {
        names[same[0].name] = port.name
      }
    }
  }

  private static func fit(_ port: GraphPort, _ other: GraphPort) -> Bool {
    let (type, stated) = (port.type?.family, other.type?.family)
    let (rank, found) = (port.extents?.count, other.extents?.count)
    return (type == nil || stated == nil || type == stated)
      && (rank == nil || found == nil || rank == found)
  }

  /// A name without what TensorFlow's exporters put around it.
  private static func plain(_ name: String) -> Substring {
    var name = name[...]
    for prefix in ["serving_default_", "input_"] where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
    }
    if let place = name.lastIndex(of: ":") { name = name[..<place] }
    return name
  }
}
