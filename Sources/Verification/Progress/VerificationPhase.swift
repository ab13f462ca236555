package import AlbertBytes

/// What a long verification is busy with, in the order in which the phases come.
public enum VerificationPhase: String, CaseIterable, Sendable {
  /// What was written is read back; counts bytes.
  case readingBack = "verifying"
  /// The parameters of both sides are held against each other; counts bytes.
  case comparing
  /// The engines run; counts thousands of multiplications.
  case computing = "forward passes"
  /// What explains a difference is searched for; counts nothing.
  case diagnosing

  /// The observer of each phase.
  package typealias Observers = (VerificationPhase) -> WorkObserver
}
