/// How the uses of inner layers in a graph divide into layers, groups and inner layers.
struct GraphNumbering: Equatable {
  /// Inner layers of each group.
  let innerLayers: Int
  /// The group of each layer.
  let groups: [Int]

  /// The number of groups.
  var groupCount: Int { (groups.max() ?? -1) + 1 }

  /// All ways to divide uses, of which those with one number share all weights.
  ///
  /// Layers of one group follow each other, as in every publisher's map, and no two blocks of
  /// different places are the same.
  static func candidates(_ uses: [Int]) -> [GraphNumbering] {
    guard !uses.isEmpty else { return [] }
    return (1...uses.count).compactMap { inner in
      guard uses.count.isMultiple(of: inner) else { return nil }
      var last: ArraySlice<Int> = []
      var used: Set<Int> = []
      var groups: [Int] = []
      for start in stride(from: 0, to: uses.count, by: inner) {
        let layer = uses[start..<start + inner]
        if layer.elementsEqual(last) {
          groups.append(groups[groups.count - 1])
          continue
        }
        for use in layer where !used.insert(use).inserted { return nil }
        last = layer
        groups.append((groups.last ?? -1) + 1)
      }
      return GraphNumbering(innerLayers: inner, groups: groups)
    }
  }

  /// The group and inner layer of a use.
  func place(of use: Int) -> (group: Int, inner: Int) {
    (groups[use / innerLayers], use % innerLayers)
  }

  /// The group and inner layer that a name tells, as Hugging Face's classes call them.
  static func label(in name: String) -> (group: Int, inner: Int)? {
    // The second spelling is that of the TensorFlow classes.
    for separator in [".", "_._"] {
      if let group = number(after: "albert_layer_groups" + separator, in: name),
        let inner = number(after: "albert_layers" + separator, in: name)
      {
        return (group, inner)
      }
    }
    return nil
  }

  private static func number(after mark: String, in name: String) -> Int? {
    guard let range = name.firstRange(of: mark) else { return nil }
    return Int(name[range.upperBound...].prefix { $0.isNumber })
  }
}

extension GraphNumbering {
  /// The way that a config asks for, or else the one that most names agree with, or else the one
  /// with the fewest inner layers.
  static func best(
    for uses: [Int], labels: [(group: Int, inner: Int)?],
    tensorLabels: [(group: Int, inner: Int)?], innerLayers: Int?
  ) -> GraphNumbering {
    let candidates = candidates(uses)
    func agreement(_ candidate: GraphNumbering) -> (Int, Int) {
      func count(_ labels: [(group: Int, inner: Int)?]) -> Int {
        labels.indices.count { use in
          labels[use].map { $0 == candidate.place(of: use) } ?? false
        }
      }
      return (count(labels), count(tensorLabels))
    }
    if let innerLayers, let asked = candidates.first(where: { $0.innerLayers == innerLayers }) {
      return asked
    }
    var best: (numbering: GraphNumbering, agreement: (Int, Int))?
    for candidate in candidates {
      let agreement = agreement(candidate)
      if best.map({ $0.agreement < agreement }) ?? true { best = (candidate, agreement) }
    }
    // A map that goes back to an earlier group is still a map.
    return best?.numbering ?? GraphNumbering(innerLayers: 1, groups: uses)
  }
}
