internal import Albert

extension NameTable {
  /// Every place in a file at which this table's anchor occurs.
  func places(in names: Set<String>) -> [NamePlace] {
    guard let anchor else { return [] }
    let pieces = anchor.template.split(separator: "{scope}", omittingEmptySubsequences: false)
    let ending = String(pieces.last ?? "") + suffix
    var found: Set<NamePlace> = []
    for name in names where name.hasSuffix(ending) {
      var rest = name.dropLast(ending.count)
      var scope = ""
      if pieces.count > 1 {
        let start = rest.lastIndex(of: "/").map { rest.index(after: $0) } ?? rest.startIndex
        scope = String(rest[start...])
        rest = rest[..<start]
        guard !scope.isEmpty, rest.hasSuffix(pieces[0]) else { continue }
        rest = rest.dropLast(pieces[0].count)
      }
      // A prefix ends where a component does, or `my_embeddings` would pass for `embeddings`.
      guard rest.isEmpty || rest.last == "." || rest.last == "/" else { continue }
      found.insert(NamePlace(prefix: String(rest), scope: scope))
    }
    return found.sorted { ($0.prefix, $0.scope) < ($1.prefix, $1.scope) }
  }

  /// How many groups and inner layers the names show, both at least 1.
  ///
  /// Counted by the query weight's name. `{block}` names count blocks alone and tell them as
  /// groups of one inner layer each; a config says how they really divide.
  func blocks(in names: Set<String>, place: NamePlace) -> (groups: Int, innerLayers: Int) {
    guard let row = rows.first(where: { $0.target == .parameter(.queryWeight) }) else {
      return (1, 1)
    }
    func exists(_ group: Int, _ inner: Int) -> Bool {
      names.contains(
        name(row.template, group: group, inner: inner, innerLayers: 1, place: place))
    }
    let most = AlbertConfig.mostLayers
    var groups = 1
    while groups < most, exists(groups, 0) { groups += 1 }
    var inner = 1
    if row.template.contains("{inner}") {
      while inner < most, exists(0, inner) { inner += 1 }
    }
    return (groups, inner)
  }
}
