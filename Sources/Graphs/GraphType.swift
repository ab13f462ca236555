package import AlbertTensors

/// The element type of a value in a graph: everything that ONNX has a code for.
package enum GraphType: String, CaseIterable, Sendable {
  case float64, float32, float16, bfloat16
  case int64, int32, int16, int8, int4, int2
  case uint64, uint32, uint16, uint8, uint4, uint2
  case bool
  case string, complex64, complex128
  case float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz, float8e8m0, float4e2m1

  /// How elements are held while a graph runs.
  package enum Family: Sendable {
    /// Numbers with a fraction, as Float64.
    case numbers
    /// Integers, as Int64; of `uint64` the bits.
    case integers
    /// Truth values.
    case flags
    /// Not held at all.
    case none
  }

  /// How elements are held while a graph runs.
  package var family: Family {
    switch self {
    case .float64, .float32, .float16, .bfloat16: .numbers
    case .int64, .int32, .int16, .int8, .int4, .int2: .integers
    case .uint64, .uint32, .uint16, .uint8, .uint4, .uint2: .integers
    case .bool: .flags
    default: .none
    }
  }

  /// The bits of one element as files store it; 0 for texts.
  package var bits: Int {
    switch self {
    case .complex128: 128
    case .float64, .int64, .uint64, .complex64: 64
    case .float32, .int32, .uint32: 32
    case .float16, .bfloat16, .int16, .uint16: 16
    case .int8, .uint8, .bool, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz,
      .float8e8m0:
      8
    case .int4, .uint4, .float4e2m1: 4
    case .int2, .uint2: 2
    case .string: 0
    }
  }

  /// Whether the type is one of integers with a sign.
  package var isSigned: Bool {
    switch self {
    case .int64, .int32, .int16, .int8, .int4, .int2: true
    default: false
    }
  }

  /// The integers that the type holds, of `uint64` those that an Int64 holds too.
  package var range: ClosedRange<Int64> {
    guard bits < 64 else { return isSigned ? .min ... .max : 0 ... .max }
    return isSigned ? -(1 << (bits - 1))...(1 << (bits - 1)) - 1 : 0...(1 << bits) - 1
  }

  /// The low bits of an integer as the type reads them, which is how integers overflow.
  package func wrapped(_ value: Int64) -> Int64 {
    guard bits < 64 else { return value }
    let low = value & (1 << Int64(bits) - 1)
    return isSigned && low >> Int64(bits - 1) == 1 ? low - 1 << Int64(bits) : low
  }

  /// The nearest number of the type; of integers the number itself.
  package func nearest(_ value: Double) -> Double { elementType?.nearest(value) ?? value }

  /// The type as tensors know it; nil for what takes less than a byte and for what is not held.
  package var elementType: ElementType? {
    switch self {
    case .float64: .float64
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .int64: .int64
    case .int32: .int32
    case .int16: .int16
    case .int8: .int8
    case .uint64: .uint64
    case .uint32: .uint32
    case .uint16: .uint16
    case .uint8: .uint8
    case .bool: .bool
    default: nil
    }
  }

  /// The type of tensors of `type`; nil where a graph has none.
  package init?(_ type: ElementType) {
    guard let found = Self.allCases.first(where: { $0.elementType == type }) else { return nil }
    self = found
  }

  /// The code by which operators name the type in attributes (onnx.proto, `TensorProto.DataType`).
  package var code: Int { Self.codes.first { $0.value == self }?.key ?? 0 }

  /// The type of a code; nil where there is none.
  package init?(code: Int) {
    guard let type = Self.codes[code] else { return nil }
    self = type
  }

  private static let codes: [Int: GraphType] = [
    1: .float32, 2: .uint8, 3: .int8, 4: .uint16, 5: .int16, 6: .int32, 7: .int64, 8: .string,
    9: .bool, 10: .float16, 11: .float64, 12: .uint32, 13: .uint64, 14: .complex64,
    15: .complex128, 16: .bfloat16, 17: .float8e4m3fn, 18: .float8e4m3fnuz, 19: .float8e5m2,
    20: .float8e5m2fnuz, 21: .uint4, 22: .int4, 23: .float4e2m1, 24: .float8e8m0, 25: .uint2,
    26: .int2,
  ]
}
