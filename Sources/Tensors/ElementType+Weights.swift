internal import CAlbertKernels

extension ElementType {
  /// What kernels call a type that a model's weights may have; nil for any other.
  package var weightCode: Int32? {
    let element: albertkit_element
    switch self {
    case .float32: element = albertkit_float32
    case .float16: element = albertkit_float16
    case .bfloat16: element = albertkit_bfloat16
    case .float64: element = albertkit_float64
    default: return nil
    }
    return Int32(element.rawValue)
  }
}
