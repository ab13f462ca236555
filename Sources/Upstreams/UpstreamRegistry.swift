package import AlbertTensors

/// All publishers, and the search for the one whose names a file bears.
package enum UpstreamRegistry {
  /// One line per publisher; of two that explain a file equally well the first counts.
  package static let upstreams: [any Upstream.Type] = [
    Native.self,
    HuggingFace.self,
    HuggingFaceTF.self,
    HuggingFaceFlax.self,
    RustBert.self,
    PaddleNLP.self,
    TFHub.self,
    GoogleTF1.self,
    Brightmart.self,
    KerasHub.self,
    ModelGarden.self,
    AlbertPyTorch.self,
    BrightmartPyTorch.self,
    Bert4Torch.self,
    UER.self,
    Bert4Keras.self,
    Kamalkraj.self,
    BertForTF2.self,
  ]

  /// The word for this project's own native files.
  package static let native = Native.name

  /// The models that the names show, best first: at most one for each place in the file.
  ///
  /// `format` is the container's word, `native` for this project's own files, which nothing but
  /// their metadata tells from Hugging Face's. With `prefix` only models at that place count.
  package static func candidates(
    for names: FileNames, format: String, prefix: String? = nil
  ) -> [Candidate] {
    var byPlace: [String: [Candidate]] = [:]
    for upstream in upstreams where (upstream.name == native) == (format == native) {
      for candidate in upstream.merged(in: names)
      where prefix.map(candidate.place.isNamed) ?? true {
        byPlace[candidate.anchor ?? "", default: []].append(candidate)
      }
      for table in upstream.tables + (prefix == nil ? [] : upstream.backboneTables) {
        for place in table.places(in: names)
        where upstream.mayOccur(prefix: place.prefix, format: format) {
          if let prefix, !place.isNamed(prefix) { continue }
          let candidate = Candidate(upstream, table, place, in: names)
          byPlace[candidate.anchor ?? "", default: []].append(candidate)
        }
      }
    }
    let readings = byPlace.values.compactMap { Self.best(of: $0, in: names) }.ordered {
      ($1.explained, $0.place.prefix) < ($0.explained, $1.place.prefix)
    }
    return withoutCopies(readings)
  }

  /// The word embeddings that a file lacks which has all the rest of a model; nil where more is missing.
  ///
  /// A tied pair may have been saved under its other name alone.
  package static func missingWordTable(in names: FileNames, format: String) -> MissingWordTable? {
    var found: [(table: MissingWordTable, explained: Int)] = []
    for upstream in upstreams where (upstream.name == native) == (format == native) {
      for table in upstream.tables {
        guard let anchor = table.anchor,
          let second = table.rows.first(where: { $0.target == .parameter(.positionEmbeddings) })
        else { continue }
        for place in table.places(of: second, in: names)
        where upstream.mayOccur(prefix: place.prefix, format: format) {
          let candidate = Candidate(upstream, table, place, in: names)
          guard candidate.hasBlocks, candidate.contradictions == 0 else { continue }
          let positions = names.shape(of: table.name(second, place: place))
          found.append(
            (
              MissingWordTable(
                name: table.name(anchor, place: place), width: positions?.dimensions.last,
                lookup: candidate.lookup), candidate.explained
            ))
        }
      }
    }
    return found.max { $0.explained < $1.explained }?.table
  }

  /// Of several readings of the same tensors the one that their shapes contradict least and that
  /// explains most, and of equal ones the one that leaves least unexplained within the model's own
  /// prefix.
  private static func best(of rivals: [Candidate], in names: FileNames) -> Candidate? {
    let whole = rivals.contains(where: \.hasBlocks) ? rivals.filter(\.hasBlocks) : rivals
    let least = whole.map(\.contradictions).min()
    let fitting = whole.filter { $0.contradictions == least }
    let most = fitting.map(\.explained).max()
    let equal = fitting.filter { $0.explained == most }
    guard equal.count > 1 else { return equal.first }
    return equal.map { ($0, $0.unexplained(in: names)) }.min { $0.1 < $1.1 }?.0
  }

  /// Without models whose word embeddings another model explains as a copy of its own, and without
  /// mere embeddings where there is a whole model.
  private static func withoutCopies(_ candidates: [Candidate]) -> [Candidate] {
    let hasWhole = candidates.contains(where: \.hasBlocks)
    var kept: [Candidate] = []
    var explained: Set<String> = []
    for candidate in candidates where candidate.hasBlocks || !hasWhole {
      if let anchor = candidate.anchor, explained.contains(anchor) { continue }
      explained.formUnion(candidate.lookup.known.keys)
      kept.append(candidate)
    }
    return kept
  }
}

extension NamePlace {
  /// Whether a user's word for the place means this one; its last separator may be left out.
  package func isNamed(_ name: String) -> Bool {
    prefix == name || (!prefix.isEmpty && prefix.dropLast() == name)
  }
}

/// The word embeddings that a file lacks.
package struct MissingWordTable: Sendable {
  /// The name under which they are expected.
  package let name: String
  /// How wide they are, as the positions show.
  let width: Int?
  /// What the rest of the file is.
  let lookup: NameLookup

  /// Whether a tensor has their width and is no other parameter.
  package func mayBe(_ tensor: TensorDescription) -> Bool {
    if case .parameter = lookup.purpose(of: tensor.name) { return false }
    return tensor.type.isFloatingPoint && tensor.shape.rank == 2
      && tensor.shape.dimensions.last == width
  }
}
