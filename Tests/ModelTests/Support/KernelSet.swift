import AlbertArchitecture
import CAlbertKernels

/// The kernels of one instruction set, over arrays.
@safe struct KernelSet: CustomStringConvertible, @unchecked Sendable {
  // Unchecked: a constant of the C module.
  let kernels: UnsafePointer<albertkit_float_kernels>

  /// All sets that this processor has.
  static var all: [KernelSet] {
    (0..<3).compactMap { index in
      unsafe albertkit_nth_float_kernels(index).map { unsafe KernelSet(kernels: $0) }
    }
  }

  var description: String { unsafe String(cString: kernels.pointee.name) }

  func activate(_ kind: albertkit_activation, _ x: [Float]) -> [Float] {
    var y = x
    let bias = [Float](repeating: 0, count: x.count)
    unsafe kernels.pointee.activate(Int32(kind.rawValue), &y, bias, 1, x.count)
    return y
  }

  func addBias(_ x: [Float], _ bias: [Float]) -> [Float] {
    var y = x
    unsafe kernels.pointee.add_bias(&y, bias, x.count / bias.count, bias.count)
    return y
  }

  func layerNorm(
    _ x: [Float], bias: [Float], residual: [Float], weight: [Float], offset: [Float],
    epsilon: Double
  ) -> [Float] {
    var y = [Float](repeating: 0, count: x.count)
    unsafe kernels.pointee.layer_norm(
      &y, x, bias, residual, weight, offset, Float(epsilon), x.count / bias.count, bias.count)
    return y
  }

  func softmax(_ x: [Float], mask: [Float]) -> [Float] {
    var y = x
    unsafe kernels.pointee.softmax(&y, mask, x.count / mask.count, mask.count)
    return y
  }
}
