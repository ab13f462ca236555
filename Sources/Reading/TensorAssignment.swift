package import AlbertArchitecture
package import AlbertTensors

/// One tensor of a source and what it is there for.
package struct TensorAssignment: Sendable {
  /// What a tensor is there for.
  package enum Purpose: Equatable, Sendable {
    /// It is a parameter of the model.
    case parameter(Parameter, Layout)
    /// It repeats a parameter; where `yields` is true, a difference is only warned about.
    case copy(of: Parameter, Layout, yields: Bool)
    /// It is a buffer that the code computes, with what it is.
    case buffer(String)
    /// It is state of a training run.
    case training
    /// It belongs to a larger model around this one.
    case surrounding
    /// Unknown: no name table explains it.
    case unexpected
  }

  /// The tensor as the file describes it.
  package let tensor: TensorDescription
  /// What it is there for.
  package let purpose: Purpose

  /// The parameter that it is or repeats.
  package var parameter: Parameter? {
    switch purpose {
    case .parameter(let parameter, _), .copy(let parameter, _, _): parameter
    default: nil
    }
  }

  /// How the file lays out the parameter that it is or repeats.
  package var layout: Layout? {
    switch purpose {
    case .parameter(_, let layout), .copy(_, let layout, _): layout
    default: nil
    }
  }
}
