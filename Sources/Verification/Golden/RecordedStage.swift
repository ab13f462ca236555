public import Albert
public import Tensors

/// One stage as a file holds it.
public struct RecordedStage: Sendable {
  /// Which stage.
  public let stage: Stage
  /// Its shape in the file.
  public let shape: Shape
  /// Its element type in the file.
  public let type: ElementType
  /// Its values, row-major.
  public let values: [Double]

  /// States a stage.
  public init(stage: Stage, shape: Shape, type: ElementType, values: [Double]) {
    self.stage = stage
    self.shape = shape
    self.type = type
    self.values = values
  }

  /// The narrowest type that holds every value exactly: the precision in which the stage was
  /// computed at best, whatever type it was saved in.
  public var precision: ElementType {
    let narrower: [ElementType] = [.bfloat16, .float16, .float32]
    return narrower.first { type in type.size <= self.type.size && values.allSatisfy(type.holds) }
      ?? type
  }
}
