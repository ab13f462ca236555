internal import AlbertArchitecture
internal import AlbertBytes
internal import CAlbertKernels

/// Everything but the matrix products, on all cores: the C kernels over parts of the rows.
@safe struct Kernels: @unchecked Sendable {
  // Unchecked: a constant of the C module.
  private let kernels: UnsafePointer<albertkit_float_kernels>

  /// The best kernels of this processor.
  init() { unsafe kernels = albertkit_best_float_kernels() }

  /// Elements that are worth another core's time to wake up: about 20 microseconds of work.
  private static let elementsPerPart = 32_768

  /// Calls `body` for parts of 0..<rows on all cores.
  ///
  /// Each row's result is the same however the rows are parted.
  private func parts(_ rows: Int, _ columns: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    let rowsPerPart = max(1, Self.elementsPerPart / columns)
    let count = (rows + rowsPerPart - 1) / rowsPerPart
    guard count > 1 else { return body(0, rows) }
    withoutActuallyEscaping(body) { body in
      // Not Sendable by type, since it writes to memory; the parts are disjoint.
      nonisolated(unsafe) let body = body
      Machine.concurrently(count) { part in
        let first = part * rowsPerPart
        unsafe body(first, min(rowsPerPart, rows - first))
      }
    }
  }

  /// Adds a bias per column.
  func addBias(
    _ bias: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>, rows: Int, columns: Int
  ) {
    parts(rows, columns) { first, count in
      unsafe kernels.pointee.add_bias(x + first * columns, bias, count, columns)
    }
  }

  /// Adds a bias per column and applies an activation.
  func activate(
    _ activation: Activation, _ x: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>,
    rows: Int, columns: Int
  ) {
    let kind =
      switch activation {
      case .geluErf: albertkit_gelu_erf
      case .geluTanh: albertkit_gelu_tanh
      case .relu: albertkit_relu
      case .silu: albertkit_silu
      case .tanh: albertkit_tanh
      }
    parts(rows, columns) { first, count in
      unsafe kernels.pointee.activate(
        Int32(kind.rawValue), x + first * columns, bias, count, columns)
    }
  }

  /// LayerNorm of x + bias + residual, in place.
  func layerNorm(
    _ x: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>? = nil,
    residual: UnsafePointer<Float>? = nil, _ norm: NormWeights, epsilon: Double, rows: Int,
    columns: Int
  ) {
    parts(rows, columns) { first, count in
      let part = unsafe x + first * columns
      unsafe kernels.pointee.layer_norm(
        part, part, bias, residual.map { unsafe $0 + first * columns }, norm.weight, norm.bias,
        Float(epsilon), count, columns)
    }
  }

  /// The softmax of each row plus the mask.
  func softmax(
    _ x: UnsafeMutablePointer<Float>, mask: UnsafePointer<Float>, rows: Int, columns: Int
  ) {
    parts(rows, columns) { first, count in
      unsafe kernels.pointee.softmax(x + first * columns, mask, count, columns)
    }
  }
}
