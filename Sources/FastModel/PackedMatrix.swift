internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors
internal import Synchronization

/// A matrix that all layers multiply with: packed for the kernels when it is first used, and then kept; or,
/// where that takes too much memory, packed panel by panel each time.
///
/// Weights of any floating-point type are widened while they are packed.
final class PackedMatrix: Sendable {
  let outputs: Int
  let depth: Int
  private let parameters: [Parameter]
  private let store: any ParameterStore
  private let kernels: Kernels
  private let panels = Mutex<AlignedFloats?>(nil)
  /// The rows of each parameter.
  private let counts: [Int]
  /// Whether the panels stay.
  let isKept: Bool

  /// The rows of some parameters below one another.
  ///
  /// Panels that would hold rows of two parameters are kept in any case.
  init(
    _ parameters: [Parameter], _ store: any ParameterStore, _ kernels: Kernels, isKept: Bool = true
  ) {
    self.parameters = parameters
    self.store = store
    self.kernels = kernels
    let shapes = parameters.map { $0.role.shape(in: store.config).dimensions }
    counts = shapes.map { $0[0] }
    outputs = counts.reduce(0, +)
    depth = shapes[0][1]
    self.isKept = isKept || !counts.dropLast().allSatisfy { $0 % kernels.panel == 0 }
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

  /// The bytes that packing a panel alone may need.
  var panelMemory: Int {
    zip(parameters, counts).map { parameter, count in
      let size = depth * store.elementType(of: parameter).size
      return MappedBytes.memory(toRead: kernels.panel * size, of: count * size)
    }.max() ?? 0
  }

  /// Packs the one panel that begins with output `first`, on the calling thread; the weights of a large
  /// matrix of a mapped file are read into `memory`, of `panelMemory` bytes.
  func pack(
    panelFrom first: Int, into target: UnsafeMutablePointer<Float>,
    _ memory: UnsafeMutableRawBufferPointer
  ) {
    var row = first
    for (parameter, count) in zip(parameters, counts) {
      guard row >= count else {
        let element = PackedElement(store.elementType(of: parameter))
        store.withBytes(of: parameter) { bytes in
          precondition(
            bytes.byteCount == count * depth * element.size, "the store's bytes fit the shape")
          let size = depth * element.size
          let rows = min(kernels.panel, count - row)
          unsafe bytes.extracting(row * size..<(row + rows) * size).withUnsafeBytes { bytes in
            let panel = unsafe MappedBytes.read(bytes, into: memory)
            guard let base = panel.baseAddress else { return }
            unsafe kernels.pack(base, element, rows: rows, depth: depth, into: target)
          }
        }
        return
      }
      row -= count
    }
  }

  private func pack() -> AlignedFloats {
    let packed = AlignedFloats(count: packedCount)
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
    guard let code = type.weightCode else {
      preconditionFailure("parameters are floating-point numbers")
    }
    self.code = code
    size = type.size
  }
}
