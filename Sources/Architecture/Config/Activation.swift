/// The feed-forward activation, with the two forms of GELU as different cases.
///
/// They differ by up to 4.73e-4, enough to spoil a comparison and too little to notice by eye; so
/// nothing here is ever called just `gelu`.
public enum Activation: String, CaseIterable, Sendable {
  /// x Φ(x), through the error function: Hugging Face's `gelu`.
  case geluErf = "gelu_erf"
  /// The tanh approximation: Google's `gelu`, Hugging Face's `gelu_new` and `gelu_pytorch_tanh`.
  case geluTanh = "gelu_tanh"
  /// max(0, x).
  case relu
  /// x σ(x), also called swish.
  case silu
  /// The hyperbolic tangent.
  case tanh
}
