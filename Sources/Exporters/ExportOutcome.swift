public import AlbertArchitecture
internal import AlbertPlatform
public import AlbertVerification

/// What an export did.
public struct ExportOutcome: Sendable {
  /// The bytes of all files that were written.
  public let byteCount: Int
  /// What was noticed meanwhile.
  public let findings: [Finding]
  /// What the closing verification found; nil where none was wanted.
  public let verification: VerificationResult?
  /// What the output lost; nil where it holds all that the source does, or nobody looked.
  public let loss: LossReport?

  /// Whether the output holds what it should, and so got its name.
  public var succeeded: Bool { verification?.passes ?? true }
}

/// How far a lossy output is from its source: per tensor, and per stage of the forward pass.
public struct LossReport: Sendable {
  /// A tensor that differs, or a stage of the forward pass, both sides computed in Float64.
  public struct Part: Equatable, Sendable {
    /// The name of the parameter or of the stage.
    public let name: String
    /// The largest absolute error, of a stage over real tokens.
    public let maxAbs: Double
    /// The norm of the error by the norm of the source's numbers.
    public let relL2: Double

    /// The signal-to-noise ratio in decibels; infinite where nothing is lost.
    package var decibels: Double { -20 * log10(relL2) }
  }

  /// The tensors that differ, in order of use.
  public let tensors: [Part]
  /// The stages, in order of computation.
  public let stages: [Part]

  /// The largest absolute error of any tensor or stage.
  public var maxAbs: Double {
    max(tensors.map(\.maxAbs).max() ?? 0, stages.map(\.maxAbs).max() ?? 0)
  }
}
