internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors

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

  /// Puts one output's weights of `block` to the places from `target` on.
  func decode(_ output: Int, _ block: Range<Int>, _ target: UnsafeMutablePointer<Double>) {
    let from = unsafe output * columns + block.lowerBound
    let count = block.count
    switch unsafe type {
    case .float32:
      for k in 0..<count { unsafe target[k] = Double(Float(bitPattern: word(from + k))) }
    case .float64:
      for k in 0..<count { unsafe target[k] = Double(bitPattern: word(from + k)) }
    case .float16:
      for k in 0..<count { unsafe target[k] = Double(Float16(bitPattern: word(from + k))) }
    case .bfloat16:
      for k in 0..<count {
        unsafe target[k] = Double(BFloat16(bitPattern: word(from + k)).float)
      }
    default: preconditionFailure("parameters are floating-point numbers")
    }
  }

  /// Lets go of rows of a large matrix, which are read again in the next layer: a mapped model would be in
  /// memory whole otherwise.
  func release(_ rows: Range<Int>) {
    guard unsafe bytes.count >= MappedBytes.largeMatrix else { return }
    let size = unsafe columns * type.size
    unsafe MappedBytes.release(
      UnsafeRawBufferPointer(rebasing: bytes[rows.lowerBound * size..<rows.upperBound * size]))
  }

  private func word<T: FixedWidthInteger & BitwiseCopyable>(_ index: Int) -> T {
    T(
      littleEndian: unsafe bytes.loadUnaligned(
        fromByteOffset: index * MemoryLayout<T>.size, as: T.self))
  }
}
