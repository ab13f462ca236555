internal import CAlbertKernels

/// What one pass over a tensor's numbers finds out.
@safe package struct TensorStatistics: Sendable {
  private var sums = albertkit_statistics(
    count: 0, finite: 0, nans: 0, zeros: 0, sum: 0, squares: 0,
    least: .greatestFiniteMagnitude, most: -.greatestFiniteMagnitude)
  private var bins = [UInt32](repeating: 0, count: 8192)

  /// Statistics of nothing.
  package init() {}

  /// How many numbers there were.
  package var count: Int { Int(sums.count) }
  /// How many were not a number.
  package var nan: Int { Int(sums.nans) }
  /// How many were infinite.
  package var infinite: Int { count - Int(sums.finite) - nan }
  /// How many were zero, of either sign.
  package var zeros: Int { Int(sums.zeros) }
  /// How many were finite.
  package var finite: Int { Int(sums.finite) }
  /// The least finite number; NaN where there is none.
  package var min: Double { finite > 0 ? Double(sums.least) : .nan }
  /// The greatest finite number; NaN where there is none.
  package var max: Double { finite > 0 ? Double(sums.most) : .nan }
  /// The mean of the finite numbers; NaN where there is none.
  package var mean: Double { finite > 0 ? sums.sum / Double(finite) : .nan }
  /// The standard deviation of the finite numbers, the population's; NaN where there is none.
  package var standardDeviation: Double {
    guard finite > 0 else { return .nan }
    let variance = sums.squares / Double(finite) - mean * mean
    return Swift.max(0, variance).squareRoot()
  }
  /// Whether all numbers are equal, and there is one.
  package var isConstant: Bool { finite > 0 && finite == count && sums.least == sums.most }

  /// Takes in more numbers.
  package mutating func add(_ numbers: [Float]) {
    unsafe albertkit_statistics_f32(numbers, numbers.count, &sums, &bins)
  }

  /// Takes in the numbers of a little-endian array; those of a type without reading are left out.
  ///
  /// Numbers wider than Float32 are rounded to it.
  package mutating func add(_ bytes: RawSpan, of type: ElementType) {
    if type == .float32 {
      let isAligned = unsafe bytes.withUnsafeBytes { Int(bitPattern: $0.baseAddress) % 4 == 0 }
      if isAligned {
        unsafe bytes.withUnsafeBytes { raw in
          let numbers = unsafe raw.assumingMemoryBound(to: Float.self)
          unsafe albertkit_statistics_f32(numbers.baseAddress, numbers.count, &sums, &bins)
        }
        return
      }
    }
    if let numbers = bytes.floats(of: type) { add(numbers) }
  }

  /// The share of the finite numbers in each of `count` equal intervals of `range`.
  ///
  /// Made from bins that are a sixteenth of an octave wide, whose numbers are spread evenly over the
  /// intervals that they touch.
  package func histogram(_ count: Int, in range: ClosedRange<Double>) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    let width = (range.upperBound - range.lowerBound) / Double(count)
    guard finite > 0, count > 0, width > 0, width.isFinite else { return result }
    for (index, number) in bins.enumerated() where number > 0 {
      let edge = Float(bitPattern: UInt32(index) << 19)
      let next = Float(bitPattern: UInt32(index) << 19 | 0x7FFFF)
      guard edge.isFinite, next.isFinite else { continue }
      let low = Double(Swift.min(edge, next))
      let high = Double(Swift.max(edge, next))
      let share = Double(number) / Double(finite)
      let first = ((low - range.lowerBound) / width).rounded(.down)
      let last = ((high - range.lowerBound) / width).rounded(.down)
      guard first < Double(count), last >= 0 else { continue }
      // Cut off before they become integers: where numbers hardly differ, bins span many intervals.
      let span = Int(Swift.max(0, first))...Int(Swift.min(Double(count - 1), last))
      for interval in span { result[interval] += share / (last - first + 1) }
    }
    return result
  }
}
