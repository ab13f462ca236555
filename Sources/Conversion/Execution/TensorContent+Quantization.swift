internal import AlbertBytes
internal import AlbertTensors

/// Symmetric 8-bit integers with a scale for each row of the canonical shape: value = integer ×
/// scale, the largest number of a row ±127.
extension TensorContent {
  /// One row: its scale, and the bytes of its integers.
  struct QuantizedRow {
    let scale: Float
    let integers: [UInt8]

    /// Rounds numbers, all of them finite, to the nearest integer, ties to even.
    init(_ numbers: [Float]) {
      let largest = numbers.reduce(0) { max($0, abs($1)) }
      // A row of zeros, or of numbers too small for any scale, is zeros with whatever scale.
      let scale = largest / 127 > 0 ? largest / 127 : 1
      self.scale = scale
      integers = numbers.map { number in
        let quotient = (number / scale).rounded(.toNearestOrEven)
        return UInt8(bitPattern: Int8(min(127, max(-127, quotient))))
      }
    }
  }

  /// Hands the tensor over row by row, in canonical order, whatever the source's layout.
  ///
  /// Throws where a number is not finite, since no scale could hold it.
  func quantizedRows(_ body: (QuantizedRow) throws(FileError) -> Void) throws(FileError) {
    let shape = planned.spec.shape
    let rows = shape.dimensions.first ?? 1
    let width = rows == 0 ? 0 : shape.count / rows
    guard width > 0 else { return }
    var pending: [Float] = []
    var done = 0
    try floats.stream { (window) throws(FileError) in
      pending += window.floats(of: .float32) ?? []
      var start = 0
      while pending.count - start >= width {
        let row = Array(pending[start..<start + width])
        if let bad = row.firstIndex(where: { !$0.isFinite }) {
          throw notFinite(row[bad], at: done + bad)
        }
        try body(QuantizedRow(row))
        start += width
        done += width
      }
      pending.removeFirst(start)
    }
  }

  /// The same tensor in canonical layout, as Float32.
  private var floats: TensorContent {
    let plain = PlannedTensor(
      spec: planned.spec, origin: planned.origin, copies: planned.copies, type: .float32)
    return TensorContent(archive: archive, planned: plain, initializerRange: initializerRange)
  }

  private func notFinite(_ value: Float, at index: Int) -> FileError {
    FileError(
      archive.path,
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
    case .integers: try streamIntegers(body)
    case .scales:
      var scales: [UInt32] = []
      try quantizedRows { (row) throws(FileError) in
        scales.append(row.scale.bitPattern.littleEndian)
      }
      try unsafe body(scales.span.bytes)
    }
  }

  /// The integers: row by row as they come, or turned once all have been put aside.
  private func streamIntegers(
    _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    guard layout.transposes else { return try streamRows(body) }
    let d = planned.spec.shape.dimensions
    let integers = try TensorBytes(count: planned.spec.shape.count) { (body) throws(FileError) in
      try streamRows(body)
    }
    try integers.streamTransposed(rows: d[0], columns: d[1], elementSize: 1, body)
  }

  private func streamRows(_ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    var integers: [UInt8] = []
    try quantizedRows { (row) throws(FileError) in
      integers += row.integers
      if integers.count >= SourceFile.windowSize {
        try unsafe body(integers.span.bytes)
        integers.removeAll(keepingCapacity: true)
      }
    }
    if !integers.isEmpty { try unsafe body(integers.span.bytes) }
  }
}
