public import Tensors

/// A model's parameters in canonical layout, as the forward passes read them.
public protocol ParameterStore: Sendable {
  /// What the model computes.
  var config: AlbertConfig { get }

  /// Which parts it has.
  var contents: ModelContents { get }

  /// The element type of a parameter of this model.
  func elementType(of parameter: Parameter) -> ElementType

  /// Hands the parameter's bytes (row-major, little-endian, canonical shape) to `body`.
  ///
  /// Asking for a parameter that the model does not have is an error of the program.
  func withBytes<R>(of parameter: Parameter, _ body: (RawSpan) -> R) -> R
}
