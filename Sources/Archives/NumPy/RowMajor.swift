internal import AlbertBytes
internal import AlbertTensors

/// Hands on in row-major order what `produce` hands over in column-major order.
func streamRowMajor(
  _ shape: Shape, elementSize: Int, _ body: (RawSpan) throws(FileError) -> Void,
  _ produce: (_ body: (RawSpan) throws(FileError) -> Void) throws(FileError) -> Void
) throws(FileError) {
  let extents = shape.dimensions
  // More axes than two are rare, and in memory whatever their size.
  let held = extents.count == 2 ? TensorBytes.largestHeld : .max
  let stored = try TensorBytes(
    count: shape.count * elementSize, largestHeld: held, produce)
  if case .memory(let bytes) = stored, extents.count != 2 {
    let rows = rowMajor(columnMajor: bytes, shape, elementSize: elementSize)
    return try unsafe body(rows.span.bytes)
  }
  try stored.streamTransposed(
    rows: extents[1], columns: extents[0], elementSize: elementSize, body)
}

/// Elements of which the first axis varies fastest, put into the order in which the last one does.
func rowMajor(columnMajor stored: [UInt8], _ shape: Shape, elementSize: Int) -> [UInt8] {
  let extents = shape.dimensions
  if extents.count == 2 {
    return transpose(stored, rows: extents[1], columns: extents[0], elementSize: elementSize)
  }
  // More axes are rare: element by element, with an odometer over the result.
  var strides: [Int] = []
  var stride = elementSize
  for extent in extents {
    strides.append(stride)
    stride *= extent
  }
  var result: [UInt8] = []
  result.reserveCapacity(stored.count)
  var indices = [Int](repeating: 0, count: extents.count)
  var offset = 0
  for _ in 0..<shape.count {
    result += stored[offset..<offset + elementSize]
    var axis = extents.count - 1
    while axis >= 0 {
      indices[axis] += 1
      offset += strides[axis]
      if indices[axis] < extents[axis] { break }
      offset -= strides[axis] * extents[axis]
      indices[axis] = 0
      axis -= 1
    }
  }
  return result
}
