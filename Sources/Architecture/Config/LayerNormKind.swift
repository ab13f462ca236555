/// How a publisher's code normalises the features of a token.
package enum LayerNormKind: Sendable {
  /// By the root of their variance and an epsilon, as every ALBERT but one does.
  case variance
  /// By their unbiased deviation, to which 1e-6 is added: (x - mean) / (s + 1e-6), s² with n - 1.
  case unbiasedDeviation
}
