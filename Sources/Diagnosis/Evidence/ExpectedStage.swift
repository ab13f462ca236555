package import AlbertArchitecture
package import AlbertTensors

/// What a stage should be, and how exactly that is known.
package struct ExpectedStage: Sendable {
  package let shape: Shape
  /// Its values, row-major.
  package let values: [Double]
  /// The unit roundoff of the arithmetic that gave the values.
  package let roundoff: Double

  package init(shape: Shape, values: [Double], roundoff: Double) {
    self.shape = shape
    self.values = values
    self.roundoff = roundoff
  }

  /// What the reference engine computed.
  package init(_ output: StageOutput<Double>) {
    self.init(shape: output.shape, values: output.values, roundoff: Engine.reference.roundoff)
  }
}
