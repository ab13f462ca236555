package import AlbertArchitecture
package import AlbertTensors

/// What a tensor of a file is there for.
package enum TensorPurpose: Equatable, Sendable {
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
