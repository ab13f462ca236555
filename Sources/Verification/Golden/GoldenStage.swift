package import AlbertArchitecture
package import AlbertTensors

/// One stage as a file holds it.
package struct GoldenStage: Sendable {
  package let stage: Stage
  /// Its shape in the file.
  package let shape: Shape
  /// Its element type in the file.
  package let type: ElementType
  /// Its values, row-major.
  package let values: [Double]

  /// The narrowest type that holds every value exactly: the precision in which the stage was
  /// computed at best, whatever type it was saved in.
  package var precision: ElementType { Self.precision(of: values, savedAs: type) }

  /// The narrowest type that holds every value exactly.
  static func precision(of values: [Double], savedAs type: ElementType) -> ElementType {
    let narrower: [ElementType] = [.bfloat16, .float16, .float32]
    return narrower.first { $0.size <= type.size && values.allSatisfy($0.holds) } ?? type
  }
}
