package import AlbertTensors

/// How far the numbers of two tensors of one shape are apart, added up as they stream by.
package struct ValueDifference: Sendable {
  /// How many elements were compared.
  package private(set) var count = 0
  /// How many of them are not the same number, be it by the sign of a zero.
  package private(set) var differing = 0
  /// How many differ because either side is not a finite number.
  package private(set) var nonFinite = 0
  /// The largest absolute difference of finite numbers.
  package private(set) var maxAbs = 0.0
  /// Where the first number that is not finite on one side stands, else the largest difference.
  package private(set) var place = 0
  /// The numbers there.
  package private(set) var values = (a: 0.0, b: 0.0)
  /// Whether each difference is what rounding to the coarser of the two types leaves.
  package private(set) var isRounding = true
  private var errorSquares = 0.0
  private var squares = 0.0

  /// The norm of the difference by that of A's finite numbers; against nothing but zeros, all there is.
  package var relL2: Double {
    if nonFinite > 0 { return .infinity }
    if errorSquares == 0 { return 0 }
    return squares == 0 ? 1 : (errorSquares / squares).squareRoot()
  }

  /// Takes in the next `count` elements of both sides.
  mutating func add(
    _ a: RawSpan, _ aType: ElementType, _ b: RawSpan, _ bType: ElementType, count more: Int
  ) {
    let isOneType = aType == bType
    let isWide = isOneType && (aType == .int64 || aType == .uint64)
    for index in 0..<more {
      let mine = a.double(at: index, of: aType) ?? .nan
      let other = b.double(at: index, of: bType) ?? .nan
      if mine.isFinite { squares += mine * mine }
      if mine == other, mine != 0 || mine.sign == other.sign,
        !isWide || Self.distance(a, b, at: index, aType) == 0
      {
        continue
      }
      if mine.isNaN && other.isNaN { continue }
      differing += 1
      let difference = isWide ? Self.distance(a, b, at: index, aType) : abs(mine - other)
      guard difference.isFinite else {
        if nonFinite == 0 { (place, values) = (count + index, (mine, other)) }
        nonFinite += 1
        isRounding = false
        continue
      }
      errorSquares += difference * difference
      if isOneType || !isWithinRounding(difference, mine, aType, other, bType) {
        isRounding = false
      }
      if difference > maxAbs || differing == 1 {
        maxAbs = difference
        if nonFinite == 0 { (place, values) = (count + index, (mine, other)) }
      }
    }
    count += more
  }

  /// How far two integers of 64 bits are apart, which may be one number as `Double`.
  private static func distance(
    _ a: RawSpan, _ b: RawSpan, at index: Int, _ type: ElementType
  ) -> Double {
    if type == .int64 {
      let (mine, other): (Int64, Int64) = (a.element(index), b.element(index))
      return Double(UInt64(bitPattern: mine > other ? mine &- other : other &- mine))
    }
    let (mine, other): (UInt64, UInt64) = (a.element(index), b.element(index))
    return Double(mine > other ? mine - other : other - mine)
  }

  /// Rounding to nearest leaves half a unit in the last place, truncation up to one.
  private func isWithinRounding(
    _ difference: Double, _ a: Double, _ aType: ElementType, _ b: Double, _ bType: ElementType
  ) -> Bool {
    guard aType.isFloatingPoint, bType.isFloatingPoint else { return false }
    return difference <= max(aType.unitInLastPlace(of: a), bType.unitInLastPlace(of: b))
  }
}

extension Shape {
  /// The index, axis by axis, of the element at `place` in row-major order.
  package func index(of place: Int) -> [Int] {
    var rest = place
    var index: [Int] = []
    for extent in dimensions.reversed() {
      index.append(rest % max(1, extent))
      rest /= max(1, extent)
    }
    return index.reversed()
  }
}
