/// An operator that graphs can use: its name, which versions of it, and a pure function that computes it.
///
/// To add one, write the function in the file of its family (`Operators/<Family>.swift`), or a new
/// family's, and a line in that family's `operators`; a new family is one more line in
/// `OperatorTable.families`. The function takes an `OperatorCall` and returns one value per output, nil
/// for one that it leaves out:
///
///     static let operators: [Operator] = [
///       Operator("Softplus", since: 1, run: unary { log1p(exp($0)) }),
///       Operator("Gelu", domain: "com.microsoft", run: gelu),
///     ]
///
///     static func gelu(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
///       let x = try call.input(0)
///       let numbers = try call.numbers(0)
///       return [GraphValue(numbers.map(ActivationFunctions.exactGELU), x.type, x.shape)]
///     }
///
/// It computes in Float64 and never rounds on its own account: in the mode `.declared` the evaluator
/// rounds what comes out. Where ONNX says that a step rounds (Cast, QuantizeLinear …), it does so
/// always. Before it makes a shape that is not one of its inputs' it asks `call.shape(_:)`, and before
/// more work than a few operations per element `call.spend(_:)`: a hostile graph must meet a limit, not
/// the machine's.
package struct Operator: Sendable {
  /// What computes the values that a node gives.
  package typealias Function =
    @Sendable (_ call: OperatorCall) throws(OperatorError) -> [GraphValue?]

  /// The operator's name.
  package let name: String
  /// Its domain; empty for ONNX's own.
  package let domain: String
  /// The versions of the domain's operators for which `run` is right.
  package let versions: ClosedRange<Int>
  /// Attributes that are inputs since some version.
  let moved: [MovedAttribute]
  /// Computes the operator.
  package let run: Function

  /// An operator of the versions from `since` to `until`, both included.
  package init(
    _ name: String, domain: String = "", since: Int = 1, until: Int = .max,
    moved: [MovedAttribute] = [], run: @escaping Function
  ) {
    self.name = name
    self.domain = domain
    versions = since...until
    self.moved = moved
    self.run = run
  }
}
