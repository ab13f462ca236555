public import Albert
public import Tensors

/// How one parameter of the output comes about.
public struct PlannedTensor: Equatable, Sendable {
  /// Where the numbers come from.
  public enum Origin: Equatable, Sendable {
    /// A tensor of the source, laid out in a known way.
    case stored(TensorDescription, Layout)
    /// The identity, or zeros for its bias, in place of a projection that the source does not need.
    case identity
  }

  /// A further tensor of the source that must hold the same numbers.
  public struct Copy: Equatable, Sendable {
    /// The tensor.
    public let tensor: TensorDescription
    /// How it is laid out.
    public let layout: Layout
    /// Whether a difference is only warned about, since upstream's code ignores this copy.
    public let yields: Bool
  }

  /// The parameter, with its canonical name and shape.
  public let spec: ParameterSpec
  /// Where the numbers come from.
  public let origin: Origin
  /// Copies that are compared with it.
  public let copies: [Copy]
  /// The element type in the output.
  public let type: ElementType

  /// The tensor as the output describes it.
  public var output: TensorDescription {
    TensorDescription(name: spec.name, type: type, shape: spec.shape)
  }

  /// Whether the source's bytes are the output's, so that they can pass through in windows.
  public var passesThrough: Bool {
    if case .stored(let tensor, let layout) = origin {
      return !layout.transposes && tensor.type == type
    }
    return false
  }
}
