package import AlbertArchitecture
package import AlbertVerification

/// What an export did.
package struct ExportOutcome: Sendable {
  /// The bytes of all files that were written.
  package let byteCount: Int
  /// What was noticed meanwhile.
  package let findings: [Finding]
  /// What the closing verification found; nil where none was wanted.
  package let verification: VerificationResult?
  /// What the output lost; nil where it holds all that the source does, or nobody looked.
  package let loss: LossReport?

  /// Whether the output holds what it should, and so got its name.
  package var succeeded: Bool { verification?.passes ?? true }
}

/// How far a lossy output is from its source: per tensor, and per stage of the forward pass.
package struct LossReport: Sendable {
  /// One tensor that differs.
  package struct Tensor: Equatable, Sendable {
    /// Its parameter's name.
    package let name: String
    /// The largest absolute error.
    package let maxAbs: Double
    /// The norm of the error by the norm of the source's numbers.
    package let relL2: Double
    /// The signal-to-noise ratio in decibels: -20 log10 of `relL2`.
    package let decibels: Double
  }

  /// One stage of the forward pass, both sides computed in Float64.
  package struct Stage: Equatable, Sendable {
    /// Its name.
    package let name: String
    /// The largest absolute error over real tokens.
    package let maxAbs: Double
    /// The norm of the error by the norm of the source's values.
    package let relL2: Double
  }

  /// The tensors that differ, in order of use.
  package let tensors: [Tensor]
  /// The stages, in order of computation.
  package let stages: [Stage]

  /// The largest absolute error of any tensor or stage.
  package var maxAbs: Double {
    max(tensors.map(\.maxAbs).max() ?? 0, stages.map(\.maxAbs).max() ?? 0)
  }
}
