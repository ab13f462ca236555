package import AlbertTensors

/// The values of one stage of a forward pass.
package struct StageOutput<Element: BinaryFloatingPoint & Sendable>: Sendable {
  /// Which stage.
  package let stage: Stage
  /// Its shape.
  package let shape: Shape
  /// Its values, row-major.
  package let values: [Element]

  /// States the values of a stage, as many as the shape has.
  package init(stage: Stage, shape: Shape, values: [Element]) {
    precondition(values.count == shape.count, "the values do not fill the stage's shape")
    self.stage = stage
    self.shape = shape
    self.values = values
  }
}
