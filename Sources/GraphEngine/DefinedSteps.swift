internal import AlbertGraphs

/// Functions in Float32 by the operators that ONNX, and onnxruntime for its own, define them by.
///
/// These take the place of an operator that has no kernel for its type, as on processors most have none
/// for float16; the constants of onnxruntime's definitions are then of that type.
enum DefinedSteps {
  /// The exponentials over their sum.
  static func softmax(_ row: [Double]) -> [Double] {
    let numbers = row.map { Float($0) }
    let top = numbers.reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
    let powers = numbers.map { Double(SinglePrecision.power(of: $0 - top)) }
    let total = SinglePrecision.sum(powers)
    return powers.map { Double(Float($0) / total) }
  }

  /// x Φ(x), as ONNX defines it.
  static func exactGELU(_ x: Float) -> Float {
    0.5 * x * (1 + SinglePrecision.errorFunction(x / Float(2).squareRoot()))
  }

  /// The form of GELU with a hyperbolic tangent, as ONNX defines it.
  static func tanhGELU(_ x: Float) -> Float {
    let bent = x + 0.044715 * (x * x * x)
    return 0.5 * x * (1 + SinglePrecision.tangent(Float(2 / Double.pi).squareRoot() * bent))
  }

  /// onnxruntime's Gelu of float16.
  static func halfGELU(_ x: Float) -> Float {
    x * ((SinglePrecision.errorFunction(half(0.5.squareRoot()) * x) + 1) * 0.5)
  }

  /// onnxruntime's FastGelu of float16.
  static func halfFastGELU(_ x: Float) -> Float {
    let root = (2 / Double.pi).squareRoot()
    let bent = half(root) + half(root * 0.044715) * (x * x)
    return 0.5 * (x * (1 + SinglePrecision.tangent(x * bent)))
  }

  /// onnxruntime's QuickGelu of float16.
  static func halfQuickGELU(_ x: Float, alpha: Double) -> Float {
    x * Float(ActivationFunctions.sigmoid(Double(half(alpha) * x)))
  }

  /// A constant as float16 holds it.
  private static func half(_ number: Double) -> Float { Float(GraphType.float16.nearest(number)) }
}
