extension ElementType {
  /// What one rounding to nearest may do to a number, relative to it.
  package var roundoff: Double {
    // Symmetric per row: half a step of 1/127 of the row's largest number.
    self == .int8 ? 0.5 / 127 : format?.roundoff ?? 0
  }

  /// Whether a number keeps its value as this floating-point type.
  package func holds(_ value: Double) -> Bool {
    guard value.isFinite else { return true }
    return isFloatingPoint && nearest(value) == value
  }

  /// The number that a number is stored as.
  package func nearest(_ value: Double) -> Double { number(ofBits: bits(of: value)) }

  /// The bits of the nearest number, ties to even; those of a float64 for types that are no
  /// floating-point ones.
  package func bits(of value: Double) -> UInt64 {
    switch self {
    case .float16: UInt64(Float16(value).bitPattern)
    case .bfloat16: UInt64(BFloat16(value).bitPattern)
    case .float32: UInt64(Float(value).bitPattern)
    default: value.bitPattern
    }
  }

  /// Appends the bits of the nearest number, the least byte first.
  package func append(_ value: Double, to bytes: inout [UInt8]) {
    let bits = bits(of: value)
    for byte in 0..<size { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * byte))) }
  }

  /// The bytes of the nearest numbers.
  package func bytes(of values: some Collection<Double>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * size)
    for value in values { append(value, to: &bytes) }
    return bytes
  }

  /// The number that has these bits.
  package func number(ofBits bits: UInt64) -> Double {
    switch self {
    case .float16: Double(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
    case .bfloat16: Double(BFloat16(bitPattern: UInt16(truncatingIfNeeded: bits)).float)
    case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    default: Double(bitPattern: bits)
    }
  }

  /// What converters to float16 make of what lies nearer to zero than a limit, instead of rounding it to the
  /// nearest, which may be 0: onnxruntime's own of what is below 5.96e-8, onnxconverter-common of what is
  /// below 1e-7.
  package static let raisedHalves: [(limit: Double, number: Double)] = [
    (5.96e-8, 0x1p-24), (1e-7, 0x1p-23),
  ]

  /// Whether `value`, a number of this type, is what a converter raised `exact` to.
  package func isRaised(_ value: Double, from exact: Double) -> Bool {
    guard self == .float16, exact != 0, (value < 0) == (exact < 0) else { return false }
    return Self.raisedHalves.contains { abs(exact) < $0.limit && abs(value) == $0.number }
  }

  /// The distance between neighbours at `value`; below a type's normal numbers it shrinks no more.
  package func unitInLastPlace(of value: Double) -> Double {
    // Read off the exponent: conversions to half types are calls into a library.
    let format = format ?? .float64
    let least = format.leastExponent
    let exponent = value == 0 ? least : max(least, Int(value.exponent))
    return Double(sign: .plus, exponent: exponent - format.significandBits, significand: 1)
  }

  /// How many numbers of the type one must pass to get from one to the other; both zeros are one.
  package func steps(from value: Double, to other: Double) -> Double {
    abs(place(of: value) - place(of: other))
  }

  /// The place of one of the type's numbers in their order, 0 for zero.
  private func place(of value: Double) -> Double {
    let magnitude = Double(bits(of: abs(value)))
    return value < 0 ? -magnitude : magnitude
  }
}
