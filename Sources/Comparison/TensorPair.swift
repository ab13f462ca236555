internal import AlbertBytes
internal import AlbertTensors

/// The same tensor in two containers, to be compared number by number.
struct TensorPair {
  let a: TensorItem
  let b: TensorItem
  /// The digests that the containers state of the two.
  let digests: (a: XXH3Digest?, b: XXH3Digest?)

  /// Whether digests that both files state settle it, so that nothing need be read.
  var isSettled: Bool {
    guard let mine = digests.a, let other = digests.b else { return false }
    return mine == other && a.shape == b.shape && a.stored.type == b.stored.type
  }

  /// Whether there are numbers on both sides of which each has a counterpart.
  var isComparable: Bool {
    a.shape == b.shape && a.stored.type != .opaque && b.stored.type != .opaque
  }

  /// The bytes that a comparison reads.
  var byteCount: Int { isSettled || !isComparable ? 0 : a.stored.byteCount + b.stored.byteCount }

  /// Compares the two.
  ///
  /// Where the bytes lie in the same order their digests are taken first, which needs no memory; only
  /// where those differ is A's tensor held, while B's streams by.
  func compare(
    _ aArchive: any TensorArchive, _ bArchive: any TensorArchive,
    _ check: () throws(FileError) -> Void
  ) throws(FileError) -> TensorComparison {
    if isSettled { return result(.digests, nil, hasSameBytes: true) }
    guard isComparable else { return result(.headers, nil, hasSameBytes: false) }
    let isOneType = a.stored.type == b.stored.type
    let isOneOrder = a.layout.hasBytes(of: b.layout)
    if isOneType, isOneOrder {
      let mine = try Self.digest(a, aArchive, check)
      if try mine == Self.digest(b, bArchive, check) {
        return result(.values, nil, hasSameBytes: true)
      }
    }
    guard a.stored.type != .complex64, b.stored.type != .complex64 else {
      return result(.values, nil, hasSameBytes: false)
    }
    let difference =
      isOneOrder
      ? try streamed(aArchive, bArchive, check) : try rearranged(aArchive, bArchive, check)
    let hasSameBytes = isOneType && difference.differing == 0
    return result(.values, difference, hasSameBytes: hasSameBytes)
  }

  private func result(
    _ evidence: TensorComparison.Evidence, _ values: ValueDifference?, hasSameBytes: Bool
  ) -> TensorComparison {
    TensorComparison(a: a, b: b, evidence: evidence, values: values, hasSameBytes: hasSameBytes)
  }

  private static func digest(
    _ item: TensorItem, _ archive: any TensorArchive, _ check: () throws(FileError) -> Void
  ) throws(FileError) -> XXH3Digest {
    var hasher = XXH3Hasher()
    try archive.read(item.stored.name) { (window) throws(FileError) in
      try check()
      hasher.update(window)
    }
    return hasher.digest()
  }

  /// A's tensor in memory, B's as it comes.
  private func streamed(
    _ aArchive: any TensorArchive, _ bArchive: any TensorArchive,
    _ check: () throws(FileError) -> Void
  ) throws(FileError) -> ValueDifference {
    let mine = try aArchive.bytes(of: a.stored)
    let (aSize, bSize) = (a.stored.type.size, b.stored.type.size)
    var difference = ValueDifference()
    try bArchive.readWholeElements(of: b.stored) { (window) throws(FileError) in
      try check()
      let count = min(window.byteCount / bSize, mine.count / aSize - difference.count)
      let begin = difference.count * aSize
      unsafe difference.add(
        mine.span.bytes.extracting(begin..<begin + count * aSize), a.stored.type,
        window.extracting(0..<count * bSize), b.stored.type, count: count)
    }
    return difference
  }

  /// Both tensors in memory, since their elements come in different orders.
  private func rearranged(
    _ aArchive: any TensorArchive, _ bArchive: any TensorArchive,
    _ check: () throws(FileError) -> Void
  ) throws(FileError) -> ValueDifference {
    let mine = try Self.canonical(a, aArchive)
    try check()
    let other = try Self.canonical(b, bArchive)
    try check()
    let (aType, bType) = (a.stored.type, b.stored.type)
    let count = min(mine.count / aType.size, other.count / bType.size)
    var difference = ValueDifference()
    unsafe difference.add(mine.span.bytes, aType, other.span.bytes, bType, count: count)
    return difference
  }

  private static func canonical(
    _ item: TensorItem, _ archive: any TensorArchive
  ) throws(FileError) -> [UInt8] {
    item.layout.toCanonical(
      try archive.bytes(of: item.stored), canonical: item.shape,
      elementSize: item.stored.type.size)
  }
}
