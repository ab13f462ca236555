internal import AlbertArchitecture
internal import AlbertBytes

extension NameTable {
  /// The most models that are told apart in one file.
  static let maxPlaces = 16

  /// What ends a component of a name.
  private static let separators: Set<Character> = [".", "/", "|"]

  /// The places in a file at which this table's anchor occurs, in order, the first few.
  func places(in names: FileNames) -> [NamePlace] {
    anchor.map { places(of: $0, in: names) } ?? []
  }

  /// The places at which a row's name occurs.
  func places(of row: Row, in names: FileNames) -> [NamePlace] {
    let pieces = row.template.parts(between: "{scope}")
    let ending = (pieces.last ?? "") + suffix
    var found: Set<NamePlace> = []
    for name in names.ending(in: ending) {
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
      guard rest.isEmpty || Self.separators.contains(rest.last ?? " ") else { continue }
      let prefix = String(rest)
      if training.covers(prefix: prefix) { continue }
      found.insert(NamePlace(prefix: prefix, scope: scope))
    }
    let sorted = found.ordered { ($0.prefix, $0.scope) < ($1.prefix, $1.scope) }
    return Array(sorted.prefix(Self.maxPlaces))
  }

  /// Whether the names tell groups from inner layers; `{block}` counts both in one.
  var dividesBlocks: Bool {
    !rows.contains { $0.template.holds("{block}") }
  }

  /// How many groups and inner layers the names show; nil where there is no block at all.
  ///
  /// Counted by the query weight's name. `{block}` names count blocks alone and tell them as
  /// groups of one inner layer each; a config says how they really divide.
  func blocks(in names: FileNames, place: NamePlace) -> (groups: Int, innerLayers: Int)? {
    guard let row = rows.first(where: { $0.target == .parameter(.queryWeight) }) else { return nil }
    func exists(_ group: Int, _ inner: Int) -> Bool {
      names.contains(name(row, group: group, inner: inner, place: place))
    }
    guard exists(0, 0) else { return nil }
    let most = AlbertConfig.maxLayers
    var groups = 1
    if row.numbersBlocks {
      while groups < most, exists(groups, 0) { groups += 1 }
    }
    var inner = 1
    if row.numbersInnerLayers {
      // Each block has a name, so that names bound the blocks.
      while groups * (inner + 1) <= min(most, names.all.count), exists(0, inner) { inner += 1 }
    }
    return (groups, inner)
  }
}
