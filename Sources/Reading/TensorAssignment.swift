package import AlbertArchitecture
package import AlbertTensors
package import AlbertUpstreams

/// One tensor of a source and what it is there for.
package struct TensorAssignment: Sendable {
  /// What a tensor is there for.
  package typealias Purpose = TensorPurpose

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
