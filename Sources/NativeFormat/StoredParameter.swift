internal import AlbertTensors

/// How one parameter is stored: plainly, or as 8-bit integers beside their scales.
package enum StoredParameter {
  /// The element types of a plain tensor.
  static let plainTypes: Set<ElementType> = [.float32, .float16, .bfloat16]

  /// The names of a quantised parameter's two tensors.
  package static func names(of parameter: String) -> (integers: String, scale: String) {
    (parameter + ".int8", parameter + ".scale")
  }
}
