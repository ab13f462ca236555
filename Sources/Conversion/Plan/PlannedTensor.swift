package import AlbertArchitecture
package import AlbertTensors

/// How one parameter of the output comes about.
package struct PlannedTensor: Equatable, Sendable {
  /// Where the numbers come from.
  package enum Origin: Equatable, Sendable {
    /// A tensor of the source, laid out in a known way.
    case stored(TensorDescription, Layout)
    /// The identity in place of a projection weight that the source does not need, or zeros for what
    /// its code computes as if it were zero.
    case identity
    /// Numbers as a new model would begin with, since the source has none and the output needs some.
    case initialized
  }

  /// A further tensor of the source that must hold the same numbers.
  package struct Copy: Equatable, Sendable {
    /// The tensor.
    package let tensor: TensorDescription
    /// How it is laid out.
    package let layout: Layout
    /// Whether a difference is only warned about, since upstream's code ignores this copy.
    package let yields: Bool
  }

  /// The parameter, with its canonical name and shape.
  package let spec: ParameterSpec
  /// Where the numbers come from.
  package let origin: Origin
  /// Copies that are compared with it.
  package let copies: [Copy]
  /// The element type in the output; `int8` stands for integers beside their scales.
  package let type: ElementType

  /// The tensor as a canonical output describes it.
  package var output: TensorDescription {
    TensorDescription(name: spec.name, type: type, shape: spec.shape)
  }

  /// Whether the source's bytes are the output's in `layout`, so that they pass through in windows.
  package func passesThrough(to layout: Layout = .canonical) -> Bool {
    if case .stored(let tensor, let stored) = origin {
      return stored.hasBytes(of: layout) && tensor.type == type
    }
    return false
  }

  /// Whether the output holds every number as the source does.
  package var isExact: Bool {
    if case .stored(let tensor, _) = origin { tensor.type == type } else { type == .float32 }
  }
}
