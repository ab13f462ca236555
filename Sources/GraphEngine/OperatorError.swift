package import AlbertBytes

/// Why an operator gives no result; whoever evaluates the graph says which node it was.
///
/// It is one reference, so that the many functions that only pass it on need not copy its values.
package indirect enum OperatorError: Error, Equatable, Sendable {
  /// The node or its inputs break the operator's rules.
  case invalid(String)
  /// A legal use that is not computed here.
  case unsupported(String)
  /// The node does what is done in training alone.
  case training
  /// More elements or operations than the budget allows.
  case budget(of: String, value: Int, most: Int)
  /// The caller gave up.
  case cancelled
  /// A stored tensor cannot be read.
  case file(FileError)
}
