internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors

/// Comparisons of tensors' contents, each read once and remembered by its fingerprint.
struct GraphComparison {
  let graph: OperatorGraph
  private var fingerprints: [GraphSource: UInt64] = [:]
  /// What was found of two tensors, which are read whole for it.
  private var relations: [[GraphSource]: Relation] = [:]

  init(graph: OperatorGraph) {
    self.graph = graph
  }

  /// How two tensors' numbers relate.
  enum Relation {
    case equal
    /// Equal but for what two quantisations of the same numbers may differ by.
    case near
    case different
  }

  /// For each use of a block a number, equal for those that compute with the same weights.
  mutating func uses(
    of blocks: [GraphBlock], _ content: GraphReader.Content
  ) throws(FileError) -> [Int] {
    var known: [[(role: ParameterRole, source: GraphSource)]] = []
    var uses: [Int] = []
    // Most graphs name the same tensors again; only others are compared.
    var bySources: [[GraphSource]: Int] = [:]
    for block in blocks {
      let parameters = block.parameters
      let sources = parameters.map(\.source)
      var found = bySources[sources]
      for (index, other) in known.enumerated() where found == nil {
        if try areEqual(parameters, other, content) { found = index }
      }
      let use = found ?? known.count
      if use == known.count { known.append(parameters) }
      bySources[sources] = use
      uses.append(use)
    }
    return uses
  }

  private mutating func areEqual(
    _ a: [(role: ParameterRole, source: GraphSource)],
    _ b: [(role: ParameterRole, source: GraphSource)], _ content: GraphReader.Content
  ) throws(FileError) -> Bool {
    guard a.map(\.role) == b.map(\.role) else { return false }
    for (one, other) in zip(a, b) where one.source != other.source {
      if isInexact(one.source) || isInexact(other.source) || type(one.source) != type(other.source)
      {
        if try relation(of: one.source, to: other.source, content) == .different { return false }
      } else if try fingerprint(one.source, content) != fingerprint(other.source, content) {
        return false
      }
    }
    return true
  }

  /// How `source` relates to `other`.
  mutating func relation(
    of source: GraphSource, to other: GraphSource, _ content: GraphReader.Content
  ) throws(FileError) -> Relation {
    if let known = relations[[source, other]] { return known }
    let relation = try compared(source, other, content)
    relations[[source, other]] = relation
    return relation
  }

  private mutating func compared(
    _ source: GraphSource, _ other: GraphSource, _ content: GraphReader.Content
  ) throws(FileError) -> Relation {
    guard canonicalShape(source) == canonicalShape(other) else { return .different }
    if type(source) == type(other),
      try fingerprint(source, content) == fingerprint(other, content)
    {
      return .equal
    }
    let isMixed = type(source) != type(other)
    guard isInexact(source) || isInexact(other) || isMixed,
      let x = try numbers(source, content), let y = try numbers(other, content), x.count == y.count
    else { return .different }
    if isMixed, !isInexact(source), !isInexact(other) {
      return areSame(x, y, in: isWider(source, than: other) ? type(other) : type(source))
    }
    let bits = min(bits(source), bits(other))
    if bits < 8 {
      return areNear(
        x, y, width: canonicalShape(source)?.dimensions.last, bits: bits,
        rows: max(rowsPerScale(source), rowsPerScale(other)))
    }
    var largest: Float = 0
    var distance: Float = 0
    for index in x.indices {
      largest = max(largest, abs(x[index]))
      distance = max(distance, abs(x[index] - y[index]))
    }
    // Two roundings to 8 bits of a range, of which one may leave a bit unused.
    return distance <= largest / 32 ? .near : .different
  }

  /// Whether numbers are the same when both are rounded to `type`.
  private func areSame(_ x: [Float], _ y: [Float], in type: ElementType) -> Relation {
    // Converters move what is nearer to zero than float16's least number to that number.
    let least: Float = type == .float16 ? 0x1p-24 : 0
    let isSame = zip(x, y).allSatisfy { a, b in
      a == b || type.nearest(Double(a)) == type.nearest(Double(b)) || abs(a - b) <= least
    }
    return isSame ? .near : .different
  }

  /// Whether a tensor's floating-point type has more digits than another's.
  func isWider(_ source: GraphSource, than other: GraphSource) -> Bool {
    type(source).roundoff < type(other).roundoff
  }

  /// Whether numbers of which some have few bits are the same but for rounding, row by row, since
  /// each block has a scale of its own; up to `rows` of them may have one.
  private func areNear(
    _ x: [Float], _ y: [Float], width: Int?, bits: Int, rows: Int
  ) -> Relation {
    guard let width, width > 0 else { return .different }
    // A symmetric scale cuts the largest number short by a step; 4-bit floats are a third wider apart.
    let most = 1.4 / Float(1 << (bits - 1))
    let size = width * min(rows, x.count / width + 1)
    let parts = stride(from: 0, to: x.count, by: size).map { first in
      (first..<min(first + size, x.count)).reduce(into: (largest: Float(0), distance: Float(0))) {
        $0.largest = max($0.largest, abs(x[$1]), abs(y[$1]))
        $0.distance = max($0.distance, abs(x[$1] - y[$1]))
      }
    }
    // A block of several rows begins in one part and ends in the next.
    let reach = rows > 1 ? 1 : 0
    let isNear = parts.indices.allSatisfy { part in
      let around = parts[max(0, part - reach)...min(parts.count - 1, part + reach)]
      return parts[part].distance <= most * (around.map(\.largest).max() ?? 0)
    }
    return isNear ? .near : .different
  }

  /// Rows of the canonical layout that share a scale.
  private func rowsPerScale(_ source: GraphSource) -> Int {
    source.layout.transposes ? 1 : graph.constants[source.tensor]?.rowsPerScale ?? 1
  }

  /// The bits of the integers that a tensor is stored as; 8 where it is stored as it is.
  private func bits(_ source: GraphSource) -> Int {
    graph.constants[source.tensor]?.bits ?? 8
  }

  /// Copies of a block that its nodes' names call one and that hold different numbers.
  func differingCopies(
    _ blocks: [GraphBlock], uses: [Int], labels: [(group: Int, inner: Int)?]
  ) -> Finding? {
    var first: [String: Int] = [:]
    for (index, label) in labels.enumerated() {
      guard let label else { continue }
      guard let other = first["\(label)"] else {
        first["\(label)"] = index
        continue
      }
      guard uses[other] != uses[index] else { continue }
      let differing = zip(blocks[other].parameters, blocks[index].parameters).first { a, b in
        a.source != b.source && fingerprints[a.source] != fingerprints[b.source]
      }
      guard let (a, b) = differing else { continue }
      return Finding(
        .error, code: "copies-differ",
        "'\(b.source.tensor)' should repeat '\(a.source.tensor)' and holds other numbers",
        remedy: "export the model again", tensor: b.source.tensor)
    }
    return nil
  }

  /// Whether tensors' names tell the groups and inner layers of all blocks.
  func hasLabels(_ blocks: [GraphBlock]) -> Bool {
    blocks.allSatisfy { block in
      block.parameters.contains { GraphNumbering.label(in: $0.source.tensor) != nil }
    }
  }

  /// Whether the file stores a tensor as integers.
  func isQuantised(_ source: GraphSource) -> Bool {
    graph.constants[source.tensor]?.isDequantized ?? false
  }

  /// Whether a tensor's numbers were computed from others of the file.
  func isRestored(_ source: GraphSource) -> Bool {
    graph.constants[source.tensor]?.isRestored ?? false
  }

  private func isInexact(_ source: GraphSource) -> Bool {
    isQuantised(source) || isRestored(source)
  }

  private func type(_ source: GraphSource) -> ElementType {
    graph.constants[source.tensor]?.tensor.type ?? .opaque
  }

  /// The shape of a tensor in PyTorch's layout; nil where the layout does not fit.
  private func canonicalShape(_ source: GraphSource) -> Shape? {
    (graph.constants[source.tensor]?.tensor.shape).flatMap(source.layout.canonicalShape)
  }

  private mutating func fingerprint(
    _ source: GraphSource, _ content: GraphReader.Content
  ) throws(FileError) -> UInt64 {
    if let known = fingerprints[source] { return known }
    let shape = canonicalShape(source)
    var fingerprint = GraphFingerprint(
      size: type(source).size, count: shape?.count ?? 0,
      inputs: source.layout.transposes ? shape?.dimensions.last : nil)
    try content(source.tensor) { (window) throws(FileError) in fingerprint.update(window) }
    fingerprints[source] = fingerprint.value
    return fingerprint.value
  }

  /// All elements in the canonical layout.
  private func numbers(
    _ source: GraphSource, _ content: GraphReader.Content
  ) throws(FileError) -> [Float]? {
    var bytes: [UInt8] = []
    try content(source.tensor) { (window) throws(FileError) in
      bytes.append(window)
    }
    let type = type(source)
    guard let shape = canonicalShape(source), bytes.count == shape.count * type.size else {
      return nil
    }
    let canonical = source.layout.toCanonical(bytes, canonical: shape, elementSize: type.size)
    return unsafe canonical.span.bytes.floats(of: type)
  }
}
