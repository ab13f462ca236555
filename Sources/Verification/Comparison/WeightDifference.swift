internal import AlbertBytes
internal import AlbertDiagnosis
internal import AlbertTensors

/// How far two parameters of one shape are apart, added up element by element.
struct WeightDifference {
  /// Whether the bytes are the same, of one type.
  let isBitwiseEqual: Bool
  /// The largest absolute difference of numbers that are finite.
  private(set) var maxAbs = 0.0
  /// The largest distance in units in the last place.
  private(set) var ulps = 0.0
  /// Values that are no finite numbers, on either side.
  private(set) var nonFinite = 0
  private var errorSquares = 0.0
  private var expectedSquares = 0.0

  /// The norm of the difference by the norm of the reference's.
  ///
  /// Against nothing but zeros any difference is all there is.
  var relL2: Double {
    if nonFinite > 0 { return .infinity }
    if errorSquares == 0 { return 0 }
    return expectedSquares == 0 ? 1 : (errorSquares / expectedSquares).squareRoot()
  }

  /// Compares `count` elements; of two types, units are those of whichever is coarser at a value.
  ///
  /// Large matrices of mapped files are let go of as they are read.
  init(
    _ mine: RawSpan, _ mineType: ElementType, _ theirs: RawSpan, _ theirsType: ElementType,
    count: Int
  ) {
    let windows = stride(from: 0, to: count, by: Self.window).map {
      $0..<min($0 + Self.window, count)
    }
    var isEqual = mineType == theirsType && mine.byteCount == theirs.byteCount
    for window in windows where isEqual {
      let part = mine.extracting(window.bytes(of: mineType))
      isEqual = part.isEqual(to: theirs.extracting(window.bytes(of: theirsType)))
      nonFinite += 2 * part.countNonFinite(of: mineType)
      mine.release(window, of: mineType)
      theirs.release(window, of: theirsType)
    }
    isBitwiseEqual = isEqual
    if isEqual { return }
    nonFinite = 0
    for window in windows {
      add(window, mine, mineType, theirs, theirsType)
      mine.release(window, of: mineType)
      theirs.release(window, of: theirsType)
    }
  }

  /// Elements between two times that mapped bytes are let go of.
  private static let window = 1 << 18

  /// Adds up what some elements differ by.
  private mutating func add(
    _ window: Range<Int>, _ mine: RawSpan, _ mineType: ElementType, _ theirs: RawSpan,
    _ theirsType: ElementType
  ) {
    for index in window {
      let value = mine.double(at: index, of: mineType) ?? .nan
      let wanted = theirs.double(at: index, of: theirsType) ?? .nan
      expectedSquares += wanted * wanted
      // Of equal infinities too the difference is not a number.
      let difference = abs(value - wanted)
      if difference == 0 { continue }
      guard difference.isFinite else {
        nonFinite += (value.isFinite ? 0 : 1) + (wanted.isFinite ? 0 : 1)
        continue
      }
      maxAbs = max(maxAbs, difference)
      errorSquares += difference * difference
      let distance =
        mineType == theirsType
        ? mineType.steps(from: value, to: wanted)
        : difference
          / max(mineType.unitInLastPlace(of: wanted), theirsType.unitInLastPlace(of: wanted))
      if distance > 1, Closeness.isRaised(value, wanted, types: (mineType, theirsType)) { continue }
      ulps = max(ulps, distance)
    }
  }
}

extension RawSpan {
  /// Lets go of elements that were read, where they are of a large matrix of a mapped file.
  fileprivate func release(_ range: Range<Int>, of type: ElementType) {
    if byteCount >= MappedBytes.largeMatrix { release(range.bytes(of: type)) }
  }

  /// How many elements of a floating-point type are no finite numbers: whose exponent is all ones.
  func countNonFinite(of type: ElementType) -> Int {
    guard let mask = type.format?.exponentMask else { return 0 }
    return switch type.size {
    case 2: count(of: UInt16(mask))
    case 4: count(of: UInt32(mask))
    default: count(of: mask)
    }
  }

  /// How many elements have all bits of `mask`; compiled for each type by itself, as every number of a
  /// model passes here.
  @inline(__always)
  private func count<T: FixedWidthInteger & BitwiseCopyable>(of mask: T) -> Int {
    unsafe withUnsafeBytes { bytes in
      let size = MemoryLayout<T>.size
      var count = 0
      for index in 0..<bytes.count / size {
        let bits = unsafe bytes.loadUnaligned(fromByteOffset: index &* size, as: T.self)
        count &+= bits & mask == mask ? 1 : 0
      }
      return count
    }
  }
}

extension Range<Int> {
  /// Where elements of a type lie.
  fileprivate func bytes(of type: ElementType) -> Range<Int> {
    lowerBound * type.size..<upperBound * type.size
  }
}
