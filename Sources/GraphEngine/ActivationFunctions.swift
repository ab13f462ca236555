internal import AlbertPlatform

/// The functions of transformers in Float64.
package enum ActivationFunctions {
  /// x Φ(x), Φ being the normal distribution.
  package static func exactGELU(_ x: Double) -> Double {
    0.5 * x * (1 + erf(x / 2.0.squareRoot()))
  }

  /// The form of GELU with a hyperbolic tangent.
  package static func tanhGELU(_ x: Double) -> Double {
    0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
  }

  /// The hyperbolic tangent, libm's under a name that a case cannot hide.
  package static func tanh(_ x: Double) -> Double { hyperbolicTangent(x) }

  /// 1 / (1 + e^-x).
  package static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// e^x.
  package static func exponential(_ x: Double) -> Double { exp(x) }
}

private func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
