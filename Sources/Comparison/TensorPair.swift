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
  /// where those differ is one side's tensor held, while the other's streams by.
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
    let difference = try difference(aArchive, bArchive, inStoredOrder: isOneOrder, check)
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

  /// One side held, the other as it comes: in the order of both where that is the same, else in canonical
  /// order, in which a side that is canonical stays in its file where it is large.
  private func difference(
    _ aArchive: any TensorArchive, _ bArchive: any TensorArchive, inStoredOrder: Bool,
    _ check: () throws(FileError) -> Void
  ) throws(FileError) -> ValueDifference {
    let holdsA = inStoredOrder || Layout.canonical.hasBytes(of: a.layout)
    let (held, heldArchive) = holdsA ? (a, aArchive) : (b, bArchive)
    let (other, otherArchive) = holdsA ? (b, bArchive) : (a, aArchive)
    let mine =
      inStoredOrder
      ? try heldArchive.bytesInAnyOrder(of: held.stored)
      : try heldArchive.canonicalBytes(of: held.stored, held.layout, canonical: held.shape)
    let (mySize, otherSize) = (held.stored.type.size, other.stored.type.size)
    var difference = ValueDifference()
    func compare(_ window: RawSpan) throws(FileError) {
      try check()
      let count = min(window.byteCount / otherSize, mine.count / mySize - difference.count)
      let begin = difference.count * mySize
      try mine.withBytes(begin..<begin + count * mySize) { part in
        let (left, right) = holdsA ? (part, window) : (window, part)
        difference.add(left, a.stored.type, right, b.stored.type, count: count)
      }
    }
    if inStoredOrder {
      try otherArchive.readWholeElements(of: other.stored, compare)
    } else {
      try otherArchive.readElements(
        of: other.stored, other.layout, as: .canonical, canonical: other.shape, compare)
    }
    return difference
  }
}
