public import AlbertTensors

/// The values of one stage of a forward pass.
public struct StageOutput<Element: BinaryFloatingPoint & Sendable>: Sendable {
  /// Which stage.
  public let stage: Stage
  /// Its shape.
  public let shape: Shape
  /// Its values, row-major.
  public let values: [Element]

  /// States the values of a stage, as many as the shape has.
  package init(stage: Stage, shape: Shape, values: [Element]) {
    precondition(values.count == shape.count, "the values do not fill the stage's shape")
    self.stage = stage
    self.shape = shape
    self.values = values
  }
}
