internal import Bytes
internal import Tensors

extension TensorContent {
  /// The scale of each row of the canonical shape, and the integers in the output's layout:
  /// symmetric, value = integer × scale, the largest number of a row ±127.
  ///
  /// Throws where a number is not finite, since no scale could hold it.
  func quantized() throws(FileError) -> (integers: [UInt8], scales: [Float]) {
    let floats = try floats()
    let shape = planned.spec.shape
    let rows = shape.dimensions.first ?? 1
    let width = rows == 0 ? 0 : shape.count / rows
    var integers = [UInt8](repeating: 0, count: floats.count)
    var scales: [Float] = []
    scales.reserveCapacity(rows)
    for row in 0..<rows {
      let range = row * width..<(row + 1) * width
      var largest: Float = 0
      for index in range {
        guard floats[index].isFinite else { throw notFinite(floats[index], at: index) }
        largest = max(largest, abs(floats[index]))
      }
      // A row of zeros, or of numbers too small for any scale, is zeros with whatever scale.
      let scale = largest / 127 > 0 ? largest / 127 : 1
      for index in range {
        let quotient = (floats[index] / scale).rounded(.toNearestOrEven)
        integers[index] = UInt8(bitPattern: Int8(min(127, max(-127, quotient))))
      }
      scales.append(scale)
    }
    return (layout.fromCanonical(integers, canonical: shape, elementSize: 1), scales)
  }

  private func notFinite(_ value: Float, at index: Int) -> FileError {
    FileError(
      path,
      .rejected(
        code: "overflow", message: "element \(index) is \(value), which no 8-bit integer can hold"),
      tensor: planned.spec.name, remedy: "convert to f32 instead")
  }

  /// The bytes of one part of the tensor.
  func stream(
    _ part: OutputTensor.Content, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    switch part {
    case .parameter: try stream(body)
    case .integers:
      let integers = try quantized().integers
      try unsafe body(integers.span.bytes)
    case .scales:
      let scales = try quantized().scales.map(\.bitPattern.littleEndian)
      try unsafe body(scales.span.bytes)
    }
  }
}
