package import AlbertArchitecture

/// A model that a publisher recognises in a file, and where.
///
/// It is one reference, since it is handed on often and holds a whole config.
package final class Candidate: Sendable {
  /// How a file's names are read.
  enum Reading: Sendable {
    /// By a table of the publisher's.
    case table(NameTable)
    /// As the file's own computation says.
    case stated(NameLookup)
    /// By names of which one stands for the parameters of several layers.
    case merged(NameLookup, anchor: String?)
  }

  /// The publisher.
  package let upstream: any Upstream.Type
  /// Where the model's names begin.
  package let place: NamePlace
  /// Groups that the names show.
  package let groups: Int
  /// Inner layers per group that the names show.
  package let innerLayers: Int
  /// Whether the names tell groups from inner layers; else their product alone is known.
  package let dividesBlocks: Bool
  /// Whether any block of the encoder is there.
  package let hasBlocks: Bool
  /// How many of the file's names are explained.
  package let explained: Int
  /// How many of the file's shapes contradict what their names are taken for.
  let contradictions: Int
  /// The position table's name where it is as wide as the layers: another architecture.
  package let widePositions: String?
  /// What the file's own computation says of the config.
  package let stated: PartialConfig
  /// Parameters that no tensor holds since they are zero.
  package let zeros: Set<Parameter>
  private let reading: Reading

  /// A model by a table at one place.
  init(_ upstream: any Upstream.Type, _ table: NameTable, _ place: NamePlace, in names: FileNames) {
    self.upstream = upstream
    self.place = place
    reading = .table(table)
    stated = PartialConfig()
    dividesBlocks = table.dividesBlocks
    let blocks = table.blocks(in: names, place: place)
    hasBlocks = blocks != nil
    (groups, innerLayers) = blocks ?? (1, 1)
    let lookup = table.expand(groups: groups, innerLayers: innerLayers, place: place)
    explained = lookup.known.keys.count { names.contains($0) }
    contradictions = table.contradictions(in: names, place: place)
    widePositions =
      table.hasWidePositions(in: names, place: place)
      ? table.fileName(of: .positionEmbeddings, place: place) : nil
    zeros = Set(table.zeros.map { Parameter($0) })
  }

  /// A model all of whose names and blocks are known.
  private init(
    _ upstream: any Upstream.Type, _ place: NamePlace, _ groups: Int, _ innerLayers: Int,
    _ lookup: NameLookup, _ reading: Reading, stated: PartialConfig, zeros: Set<Parameter>
  ) {
    self.upstream = upstream
    self.place = place
    self.groups = groups
    self.innerLayers = innerLayers
    self.reading = reading
    self.stated = stated
    self.zeros = zeros
    dividesBlocks = true
    hasBlocks = true
    explained = lookup.known.count
    contradictions = 0
    widePositions = nil
  }

  /// A model as the file's own computation says: what each tensor is, and what it computes.
  package convenience init(
    _ upstream: any Upstream.Type, place: NamePlace, groups: Int, innerLayers: Int,
    lookup: NameLookup, stated: PartialConfig, zeros: Set<Parameter> = []
  ) {
    self.init(
      upstream, place, groups, innerLayers, lookup, .stated(lookup), stated: stated, zeros: zeros)
  }

  /// A model whose names stand for the parameters of several layers, each with a group of its own.
  convenience init(
    _ upstream: any Upstream.Type, place: NamePlace, groups: Int, innerLayers: Int,
    merged lookup: NameLookup, anchor: String?
  ) {
    self.init(
      upstream, place, groups, innerLayers, lookup, .merged(lookup, anchor: anchor),
      stated: PartialConfig(), zeros: [])
  }

  /// Whether each block that the names show is one layer's own, so that there are as many groups as
  /// layers whatever a config says.
  package var blocksAreLayers: Bool {
    switch reading {
    case .table(let table): table.numbersLayers && groups > 1
    case .merged: true
    case .stated: false
    }
  }

  /// The narrow rows of a word table that the file holds as two factors; nil where it is whole.
  package var narrowWords: String? {
    guard case .table(let table) = reading else { return nil }
    return table.rows.first { $0.target == .buffer(WordFactors.meaning) }.map {
      table.name($0, place: place)
    }
  }

  /// Whether layers share tensors of the file although each has a group of its own.
  package var sharesAmongGroups: Bool {
    if case .merged = reading { true } else { false }
  }

  /// What each name stands for in a model of so many blocks.
  package func lookup(groups: Int, innerLayers: Int) -> NameLookup {
    switch reading {
    case .table(let table): table.expand(groups: groups, innerLayers: innerLayers, place: place)
    case .stated(let lookup), .merged(let lookup, _): lookup
    }
  }

  /// What each name stands for, with the blocks that the names show.
  package var lookup: NameLookup { lookup(groups: groups, innerLayers: innerLayers) }

  /// Whether a name is one of the model's own, or of a larger model around it.
  package func owns(_ name: String) -> Bool {
    switch reading {
    case .table(let table): table.owns(name, at: place)
    case .merged: name.hasPrefix(place.prefix)
    case .stated: false
    }
  }

  /// Whether the file's own computation tells what each tensor is, not its name.
  package var isStated: Bool {
    if case .stated = reading { true } else { false }
  }

  /// The name of the tensor by which the model was found; nil where the computation told.
  package var anchor: String? {
    switch reading {
    case .table(let table): table.anchor.map { table.name($0, place: place) }
    case .merged(_, let anchor): anchor
    case .stated: nil
    }
  }

  /// How many names lie under the model's prefix that it does not explain.
  func unexplained(in names: FileNames) -> Int {
    let lookup = lookup
    return names.all.count { name in
      owns(name) && lookup.purpose(of: name) == nil
    }
  }
}
