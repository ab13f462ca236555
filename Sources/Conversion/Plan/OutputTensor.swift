package import AlbertArchitecture
package import AlbertTensors

/// One tensor of an output: how its file describes it, and what its bytes are.
package struct OutputTensor: Sendable {
  /// What the bytes are.
  package enum Content: Sendable {
    /// A parameter in its planned element type, laid out as the output wants it.
    case parameter(Parameter, Layout)
    /// The 8-bit integers of a quantised parameter.
    case integers(Parameter, Layout)
    /// The scales of a quantised parameter, one for each row of its canonical shape.
    case scales(Parameter)
  }

  /// The tensor in the output's file.
  package let tensor: TensorDescription
  /// What its bytes are.
  package let content: Content

  /// States a tensor.
  package init(_ tensor: TensorDescription, _ content: Content) {
    self.tensor = tensor
    self.content = content
  }

  /// The parameter that the bytes come from.
  package var parameter: Parameter {
    switch content {
    case .parameter(let parameter, _), .integers(let parameter, _), .scales(let parameter):
      parameter
    }
  }
}

extension PlannedTensor {
  /// The tensor under an output's own name, whole, in its planned type and laid out as given.
  ///
  /// A layout that the shape cannot have is an error of the program: name tables are held to fit.
  package func output(named name: String, _ layout: Layout = .canonical, heads: Int = 1)
    -> OutputTensor
  {
    guard let shape = layout.storedShape(of: spec.shape, heads: heads) else {
      preconditionFailure("'\(name)' cannot be laid out as \(layout.rawValue)")
    }
    return OutputTensor(
      TensorDescription(name: name, type: type, shape: shape), .parameter(spec.parameter, layout))
  }

  /// The integers and the scales of a quantised parameter, under the native file's names.
  package func quantizedOutput(integers: String, scales: String, _ layout: Layout = .canonical)
    -> [OutputTensor]
  {
    let shape = layout.transposes ? spec.shape.reversed : spec.shape
    let rows = spec.shape.dimensions.first ?? 1
    return [
      OutputTensor(
        TensorDescription(name: integers, type: .int8, shape: shape),
        .integers(spec.parameter, layout)),
      OutputTensor(
        TensorDescription(name: scales, type: .float32, shape: Shape([rows])),
        .scales(spec.parameter)),
    ]
  }
}
