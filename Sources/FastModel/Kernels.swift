internal import AlbertArchitecture
internal import AlbertBytes
internal import CAlbertKernels
internal import Synchronization

/// The C kernels of one instruction set, on all cores.
@safe struct Kernels: @unchecked Sendable {
  // Unchecked: a constant of the C module.
  let kernels: UnsafePointer<albertkit_float_kernels>

  /// The best kernels of this processor.
  init() { unsafe kernels = albertkit_best_float_kernels() }

  /// Those of the n-th instruction set, from the portable one on; nil where this processor lacks it.
  init?(set n: Int) {
    guard let kernels = unsafe albertkit_nth_float_kernels(n) else { return nil }
    unsafe self.kernels = kernels
  }

  /// Whether nothing better than the compiler's baseline is used.
  var arePortable: Bool { unsafe kernels == albertkit_nth_float_kernels(0) }

  /// Elements that are worth another core's time to wake up: about 20 microseconds of work.
  static let elementsPerPart = 32_768

  /// Threads that share work: as many as there are cores, or the user says.
  static let workers = BLASNeeds().threads

  /// Calls `body` for 0..<count on all cores, each of which takes the next one when it is done.
  ///
  /// Each call must write where no other one reads or writes.
  func share(_ count: Int, _ body: (_ index: Int) -> Void) {
    share(count) { index, _ in body(index) }
  }

  /// The same; `body` is told which worker calls it, so that each can have memory of its own.
  func share(_ count: Int, _ body: (_ index: Int, _ worker: Int) -> Void) {
    let workers = min(count, Self.workers)
    guard workers > 1 else {
      for index in 0..<count { body(index, 0) }
      return
    }
    let next = Atomic<Int>(0)
    withoutActuallyEscaping(body) { body in
      // Not Sendable by type, since it writes to memory; the parts are disjoint.
      nonisolated(unsafe) let body = body
      Machine.concurrently(workers) { worker in
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < count else { return }
          unsafe body(index, worker)
        }
      }
    }
  }

  /// Calls `body` for parts of 0..<rows on all cores.
  ///
  /// Each row's result is the same however the rows are parted.
  private func parts(_ rows: Int, _ columns: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    let rowsPerPart = max(1, Self.elementsPerPart / columns)
    let count = (rows + rowsPerPart - 1) / rowsPerPart
    share(count) { part in
      body(part * rowsPerPart, min(rowsPerPart, rows - part * rowsPerPart))
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
    parts(rows, columns) { first, count in
      unsafe kernels.pointee.activate(
        Self.kind(activation), x + first * columns, bias, count, columns)
    }
  }

  static func kind(_ activation: Activation) -> Int32 {
    let kind =
      switch activation {
      case .geluErf: albertkit_gelu_erf
      case .geluTanh: albertkit_gelu_tanh
      case .relu: albertkit_relu
      case .silu: albertkit_silu
      case .tanh: albertkit_tanh
      }
    return Int32(kind.rawValue)
  }

  /// LayerNorm of x + residual, in place.
  func layerNorm(
    _ x: UnsafeMutablePointer<Float>, residual: UnsafePointer<Float>? = nil, _ norm: NormWeights,
    epsilon: Double, rows: Int, columns: Int
  ) {
    parts(rows, columns) { first, count in
      let part = unsafe x + first * columns
      unsafe kernels.pointee.layer_norm(
        part, part, nil, residual.map { unsafe $0 + first * columns }, norm.weight, norm.bias,
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
