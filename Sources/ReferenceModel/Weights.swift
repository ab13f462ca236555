internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors
internal import CAlbertKernels

/// A model's parameters as Float64, decoded where they are used; the model is never copied whole.
struct Weights: Sendable {
  let store: any ParameterStore

  /// A bias, a LayerNorm's weight: all elements.
  func vector(_ parameter: Parameter) -> [Double] {
    store.withBytes(of: parameter) { bytes in
      guard let values = bytes.doubles(of: store.elementType(of: parameter)) else {
        preconditionFailure("parameters are floating-point numbers")
      }
      return values
    }
  }

  /// The rows of an embedding table, [ids, width].
  func rows(_ parameter: Parameter, _ ids: [Int], width: Int) -> Matrix {
    var result = Matrix(rows: ids.count, columns: width)
    let type = store.elementType(of: parameter)
    store.withBytes(of: parameter) { bytes in
      for (row, id) in ids.enumerated() {
        for column in 0..<width {
          result.values[row * width + column] = bytes.double(at: id * width + column, of: type) ?? 0
        }
      }
    }
    return result
  }
}

/// The elements of a weight matrix [out, in] of any floating-point type, in place.
@unsafe struct WeightMatrix {
  let bytes: UnsafeRawBufferPointer
  let type: ElementType
  let columns: Int
  /// The precision that they are multiplied in.
  var precision = ProductPrecision.full

  /// Puts the first `outputs` outputs' weights of `block` to the places from `target` on, `stride` apart.
  func decode(
    _ outputs: Int, _ block: Range<Int>, _ target: UnsafeMutablePointer<Double>, stride: Int
  ) {
    guard let base = unsafe bytes.baseAddress, let code = unsafe type.weightCode else {
      preconditionFailure("parameters are floating-point numbers")
    }
    let size = unsafe type.size
    unsafe albertkit_widen_rows(
      target, stride, base + block.lowerBound * size, columns * size, code, outputs, block.count)
    if unsafe precision == .full { return }
    for output in 0..<outputs {
      for index in output * stride..<output * stride + block.count {
        unsafe target[index] = precision(target[index])
      }
    }
  }

  /// How many of `most` rows to read at a time: of a large matrix as many as stay in a core's cache until
  /// they are widened, and a kernel's tile at least.
  func rowsAtOnce(of most: Int) -> Int {
    unsafe memory(rows: most) == 0 ? most : min(most, max(8, Self.cache / (columns * type.size)))
  }

  private static let cache = 256 << 10

  /// The bytes that `strip` needs for so many rows.
  func memory(rows: Int) -> Int {
    unsafe MappedBytes.memory(toRead: rows * columns * type.size, of: bytes.count)
  }

  /// Where `block` of some rows lies, for what fetches it in advance; nowhere if it is empty or there are no
  /// such rows.
  func place(of rows: Range<Int>, _ block: Range<Int>) -> albertkit_rows_ahead {
    let size = unsafe type.size
    guard let base = unsafe bytes.baseAddress, !block.isEmpty,
      unsafe rows.upperBound * columns * size <= bytes.count
    else { return unsafe albertkit_rows_ahead() }
    return unsafe albertkit_rows_ahead(
      first: base + (rows.lowerBound * columns + block.lowerBound) * size, stride: columns * size,
      size: block.count * size)
  }

  /// Some rows as a matrix of their own; those of a large matrix of a mapped file are read into `memory`,
  /// since a mapped model would be in memory whole otherwise.
  func strip(_ rows: Range<Int>, in memory: UnsafeMutableRawBufferPointer) -> WeightMatrix {
    let size = unsafe columns * type.size
    let strip = unsafe UnsafeRawBufferPointer(
      rebasing: bytes[rows.lowerBound * size..<rows.upperBound * size])
    let bytes = unsafe MappedBytes.read(strip, into: memory)
    return unsafe WeightMatrix(
      bytes: bytes, type: type, columns: columns, precision: precision)
  }
}
