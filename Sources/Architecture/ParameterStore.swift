package import AlbertTensors

/// A model's parameters in canonical layout, as the forward passes read them.
///
/// A parameter's bytes do not change while the store lives.
package protocol ParameterStore: Sendable {
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

  /// The same bytes where they lie, valid while the store lives; nil where they may move.
  ///
  /// A matrix product reads weights in place only from such an address, and reads several matrices
  /// as one where they lie side by side. Otherwise it works on a copy.
  func stableBytes(of parameter: Parameter) -> UnsafeRawBufferPointer?
}

extension ParameterStore {
  /// All numbers of a parameter, row-major; none where its type has no reading.
  package func values(of parameter: Parameter) -> [Double] {
    withBytes(of: parameter) { $0.doubles(of: elementType(of: parameter)) ?? [] }
  }

  /// No promise about addresses.
  package func stableBytes(of parameter: Parameter) -> UnsafeRawBufferPointer? { nil }
}
