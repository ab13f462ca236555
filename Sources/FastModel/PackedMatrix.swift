internal import AlbertArchitecture
internal import AlbertTensors
internal import CAlbertKernels
internal import Synchronization

/// A matrix that all layers multiply with: packed for the kernels when it is first used, and then kept.
///
/// Weights of any floating-point type are widened while they are packed.
final class PackedMatrix: Sendable {
  let outputs: Int
  let depth: Int
  private let parameters: [Parameter]
  private let store: any ParameterStore
  private let kernels: Kernels
  private let panels = Mutex<AlignedFloats?>(nil)

  /// The rows of some parameters below one another.
  init(_ parameters: [Parameter], _ store: any ParameterStore, _ kernels: Kernels) {
    self.parameters = parameters
    self.store = store
    self.kernels = kernels
    let shapes = parameters.map { $0.role.shape(in: store.config).dimensions }
    outputs = shapes.map { $0[0] }.reduce(0, +)
    depth = shapes[0][1]
  }

  /// The floats of its panels.
  var packedCount: Int { kernels.packedCount(outputs: outputs, depth: depth) }

  /// Its panels, valid as long as the matrix.
  var address: UnsafePointer<Float> {
    unsafe panels.withLock { panels in
      let packed = panels ?? pack()
      panels = packed
      return unsafe UnsafePointer(packed.base)
    }
  }

  private func pack() -> AlignedFloats {
    let packed = AlignedFloats(count: packedCount)
    let counts = parameters.map { $0.role.shape(in: store.config).dimensions[0] }
    // A panel holds rows of one parameter alone only where they fill their panels.
    guard counts.dropLast().allSatisfy({ $0 % kernels.panel == 0 }) else {
      let whole = AlignedFloats(count: outputs * depth)
      unsafe widen(parameters, of: store, into: whole.base)
      unsafe kernels.pack(whole.base, .float32, outputs: outputs, depth: depth, into: packed.base)
      return packed
    }
    var target = unsafe packed.base
    for (parameter, count) in zip(parameters, counts) {
      let element = PackedElement(store.elementType(of: parameter))
      store.withBytes(of: parameter) { bytes in
        precondition(
          bytes.byteCount == count * depth * element.size, "the store's bytes fit the shape")
        unsafe bytes.withUnsafeBytes { bytes in
          guard let base = bytes.baseAddress else { return }
          unsafe kernels.pack(base, element, outputs: count, depth: depth, into: target)
        }
      }
      unsafe target += kernels.packedCount(outputs: count, depth: depth)
    }
    return packed
  }
}

/// A type of weights as the kernels know it.
struct PackedElement {
  let code: Int32
  let size: Int

  static let float32 = PackedElement(.float32)

  init(_ type: ElementType) {
    let element =
      switch type {
      case .float32: albertkit_float32
      case .float16: albertkit_float16
      case .bfloat16: albertkit_bfloat16
      case .float64: albertkit_float64
      default: preconditionFailure("parameters are floating-point numbers")
      }
    code = Int32(element.rawValue)
    size = type.size
  }
}
