internal import AlbertArchitecture
internal import AlbertBytes

/// How the uses of inner layers in a graph divide into layers, groups and inner layers.
struct GraphNumbering: Equatable {
  /// Inner layers of each group.
  let innerLayers: Int
  /// The group of each layer.
  let groups: [Int]
  /// Groups that no layer uses.
  var idle: Set<Int> = []

  /// The number of groups.
  var groupCount: Int { max(groups.max() ?? -1, idle.max() ?? -1) + 1 }

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

  /// The parameter that a role has in a use.
  func parameter(_ role: ParameterRole, of use: Int) -> Parameter {
    Parameter(role, group: groups[use / innerLayers], inner: use % innerLayers)
  }

  /// The parameter of a role in a use, as if no layer shared any: its group is its layer.
  func ownParameter(_ role: ParameterRole, of use: Int) -> Parameter {
    Parameter(role, group: use / innerLayers, inner: use % innerLayers)
  }

  /// What stands before the group and the inner layer in names: Hugging Face's PyTorch and TensorFlow classes,
  /// KerasHub.
  private static let marks = [
    (group: "albert_layer_groups.", inner: "albert_layers."),
    (group: "albert_layer_groups_._", inner: "albert_layers_._"),
    (group: "/group_", inner: "_inner_layer_"),
  ]

  /// The group and inner layer that a name tells.
  static func label(in name: String) -> (group: Int, inner: Int)? {
    for mark in marks {
      if let group = number(after: mark.group, in: name),
        let inner = number(after: mark.inner, in: name)
      {
        return (group, inner)
      }
    }
    return nil
  }

  private static func number(after mark: String, in name: String) -> Int? {
    name.rest(behind: mark).flatMap { Int($0.prefix { $0.isNumber }) }
  }
}

extension GraphNumbering {
  typealias Label = (group: Int, inner: Int)

  /// The way that the names of all uses state; nil where they do not go together: uses of one name
  /// must share all weights, a layer's inner layers follow each other, and each group be used or
  /// among the idle ones.
  init?(_ labels: [Label?], uses: [Int], idle: GraphIdleGroups? = nil) {
    let known = labels.compactMap { $0 }
    guard known.count == uses.count, let last = known.map(\.inner).max(),
      last < uses.count, uses.count.isMultiple(of: last + 1),
      known.allSatisfy({ $0.group < AlbertConfig.maxLayers })
    else { return nil }
    let inner = last + 1
    var useByLabel: [[Int]: Int] = [:]
    for (index, label) in known.enumerated() {
      guard label.inner == index % inner, label.group == known[index / inner * inner].group,
        useByLabel.updateValue(uses[index], forKey: [label.group, label.inner]) ?? uses[index]
          == uses[index]
      else { return nil }
    }
    groups = stride(from: 0, to: uses.count, by: inner).map { known[$0].group }
    innerLayers = inner
    self.idle = idle?.complete(innerLayers: inner) ?? []
    guard Set(groups).union(self.idle).count == groupCount else { return nil }
  }

  /// The way that a config asks for, or else the one that all names state, or else the one that most
  /// agree with, or else the one with the fewest inner layers.
  static func best(
    for uses: [Int], labels: [Label?], tensorLabels: [Label?], innerLayers: Int?,
    idle: GraphIdleGroups? = nil
  ) -> GraphNumbering {
    let stated =
      GraphNumbering(labels, uses: uses, idle: idle)
      ?? GraphNumbering(tensorLabels, uses: uses, idle: idle)
    if let stated, innerLayers ?? stated.innerLayers == stated.innerLayers { return stated }
    let candidates = candidates(uses)
    func agreement(_ candidate: GraphNumbering) -> (Int, Int) {
      func count(_ labels: [Label?]) -> Int {
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
