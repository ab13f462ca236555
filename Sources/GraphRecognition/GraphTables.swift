internal import AlbertBytes
internal import AlbertArchitecture
internal import AlbertTensors
internal import AlbertUpstreams

/// Which of the embeddings' tables is which.
struct GraphTables {
  private(set) var words: GraphLookup?
  private(set) var positions: GraphLookup?
  private(set) var segments: GraphLookup?
  private(set) var findings: [Finding] = []
  /// What fixed shapes left of the tables; nil where they are whole.
  private(set) var cut: EmbeddingCut?
  private let graph: OperatorGraph

  /// Whether the positions' table is of no use.
  var lacksPositions: Bool {
    guard let positions else { return false }
    return findings.contains { $0.severity == .error && $0.tensor == positions.table }
  }

  /// Whether the first segment's row is part of each position's, and the segments have no table.
  var addsSegment: Bool { cut?.addsSegment ?? false }

  /// Whether what an exporter looked up of the segments is the first one's row.
  var keepsSegment: Bool { cut?.segments == .first }

  /// Whether there is but one segment left.
  var hasOneSegment: Bool { cut?.hasOneSegment ?? false }

  /// Looks at the tables; `hint` is what a config says.
  ///
  /// Throws where one that an exporter looked up itself cannot be read.
  init(
    _ lookups: [GraphLookup], graph: OperatorGraph, hint: PartialConfig?,
    content: GraphReader.Content
  ) throws(FileError) {
    self.graph = graph
    var repeated: Set<String> = []
    for lookup in lookups where lookup.index == .folded {
      if try graph.repeatsOneRow(lookup.table, content) { repeated.insert(lookup.table) }
    }
    // Ids of words and of segments both come from outside; there are more words.
    let given = lookups.filter { $0.index == .given }
    words = given.max { rows(of: $0) < rows(of: $1) }
    var rest = lookups
    if let words, let index = rest.firstIndex(where: { $0.table == words.table }) {
      rest.remove(at: index)
    }
    guard rest.count <= 2 else {
      findings.add(
        .error, code: "not-albert",
        "\(lookups.count) tables of embeddings are summed, ALBERT has 3",
        remedy: "check that this is the model you meant")
      return
    }
    // Positions are counted, segments given or always 0, the same row for each token; where that is open, names
    // or sizes tell.
    func likelihood(_ lookup: GraphLookup) -> (Int, Int, Int) {
      let structure =
        switch lookup.index {
        case .counted: 2
        case .folded: repeated.contains(lookup.table) ? 0 : 1
        case .given, .zero: 0
        }
      let name =
        lookup.table.contains("position") ? 1 : lookup.table.contains("token_type") ? -1 : 0
      return (structure, name, rows(of: lookup))
    }
    rest = rest.ordered { likelihood($0) > likelihood($1) }
    positions = rest.first
    segments = rest.count > 1 ? rest[1] : nil
    let isCut = positions.map { $0.index == .folded && layout(of: $0) != nil } ?? false
    let isMerged = segments == nil && isCut
    let keepsSegment = isCut && segments.map { repeated.contains($0.table) } ?? false
    if isCut, isMerged || keepsSegment || rows(of: positions) != hint?.maxPositionEmbeddings {
      cut = EmbeddingCut(
        positions: rows(of: positions),
        segments: isMerged ? .added : keepsSegment ? .first : .whole)
    }
    if let cut { findings.append(finding(of: cut)) }
    // What is left of positions can be used as far as it goes.
    if !isCut {
      check(positions, "position", "export the model again with a dynamic sequence length")
    }
    if !isMerged, !keepsSegment {
      check(segments, "segment", "export the model again with token_type_ids as an input")
    }
  }

  private func finding(of cut: EmbeddingCut) -> Finding {
    let segments =
      switch cut.segments {
      case .whole: ""
      case .first: ", as is the segments' table but for its first row"
      case .added: ", as is the segments' table, whose first row was added to each"
      }
    return Finding(
      .warning, code: EmbeddingCut.code,
      "the converter kept only \(cut.positions) rows of the position embeddings, which its fixed "
        + "shapes use; the rest is lost\(segments)",
      remedy:
        "export the model again with a dynamic sequence length and with token_type_ids as an input",
      tensor: positions?.table)
  }

  /// The rows of a lookup's table.
  func rows(of lookup: GraphLookup?) -> Int {
    guard let lookup, let shape = graph.constants[lookup.table]?.tensor.shape else { return 0 }
    return shape.dimensions[max(0, shape.rank - 2)]
  }

  /// How a lookup's table lies in the file; nil where what is left of it is no table.
  func layout(of lookup: GraphLookup) -> Layout? {
    if keepsSegment, lookup.table == segments?.table { return .repeatedRow }
    let d = graph.constants[lookup.table]?.tensor.shape.dimensions ?? []
    switch d.count {
    case 2: return .canonical
    case 3: return d[0] == 1 && lookup.index == .folded ? .oneSequence : nil
    default: return nil
    }
  }

  private mutating func check(_ lookup: GraphLookup?, _ what: String, _ remedy: Remedy) {
    guard let lookup else {
      findings.add(
        .error, code: "missing-tensor", "no \(what) embeddings are added to the word embeddings",
        remedy: "check that this is an ALBERT")
      return
    }
    guard lookup.index == .folded else { return }
    findings.add(
      .error, code: "folded-embeddings",
      "the exporter kept only the \(rows(of: lookup)) rows of the \(what) embeddings that its fixed shapes use, the table is lost",
      remedy: remedy, tensor: lookup.table)
  }
}

extension OperatorGraph {
  /// Whether a constant holds one row again and again.
  fileprivate func repeatsOneRow(
    _ name: String, _ content: GraphReader.Content
  ) throws(FileError) -> Bool {
    guard let tensor = constants[name]?.tensor, let width = tensor.shape.dimensions.last,
      width > 0, tensor.shape.count > width
    else { return false }
    let size = width * tensor.type.size
    var bytes: [UInt8] = []
    try content(name) { (window) throws(FileError) in
      bytes.append(window)
    }
    return bytes.indices.allSatisfy { bytes[$0] == bytes[$0 % size] }
  }
}
