internal import AlbertBytes
internal import AlbertTensors

/// Turns stored integers into Float32 as the graph would: (q - zero point) x scale.
struct ONNXDequantizer {
  private let type: ElementType
  private let scales: [Float]
  private let zeroPoints: [Int]
  /// Elements between two indices of the axis, and indices of the axis.
  private let stride: Int
  private let extent: Int
  private let rounding: ElementType?
  /// Elements handed on so far.
  private var position = 0

  /// A dequantiser of `tensor` with scales and zero points that were read.
  init(
    _ tensor: TensorDescription, axis: Int?, scales: [Float], zeroPoints: [Int],
    rounding: ElementType? = nil
  ) {
    self.rounding = rounding
    type = tensor.type
    self.scales = scales
    self.zeroPoints = zeroPoints
    let dimensions = tensor.shape.dimensions
    stride = axis.map { dimensions[($0 + 1)...].reduce(1, *) } ?? 1
    extent = axis.map { dimensions[$0] } ?? 1
  }

  /// The elements of the next window as the bytes of Float32.
  mutating func callAsFunction(_ window: RawSpan) -> [UInt8] {
    let count = window.byteCount / type.size
    var result: [UInt8] = []
    result.reserveCapacity(4 * count)
    for index in 0..<count {
      let place = extent == 1 ? 0 : position / stride % extent
      let zero = zeroPoints.count == 1 ? zeroPoints[0] : zeroPoints[place]
      let scale = scales.count == 1 ? scales[0] : scales[place]
      let value = Float(integer(window, index) - zero) * scale
      let bits = value.rounded(to: rounding).bitPattern
      result.append(UInt8(truncatingIfNeeded: bits))
      result.append(UInt8(truncatingIfNeeded: bits >> 8))
      result.append(UInt8(truncatingIfNeeded: bits >> 16))
      result.append(UInt8(truncatingIfNeeded: bits >> 24))
      position += 1
    }
    return result
  }

  private func integer(_ window: RawSpan, _ index: Int) -> Int {
    switch type {
    case .int8: Int(window.element(index) as Int8)
    case .uint8: Int(window.element(index) as UInt8)
    case .int16: Int(window.element(index) as Int16)
    case .uint16: Int(window.element(index) as UInt16)
    default: Int(window.element(index) as Int32)
    }
  }
}

extension Float {
  /// The nearest value of a floating-point type; of any other type, and of none, this one.
  func rounded(to type: ElementType?) -> Float {
    type.map { Float($0.nearest(Double(self))) } ?? self
  }
}
