public import AlbertArchitecture
public import AlbertBytes
public import AlbertVerification

// Essentials has the protocol and loads in a fraction of the time of the whole.
#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension FileError: LocalizedError {
  /// The path, and what is wrong where.
  public var errorDescription: String? { "\(path): \(message)" }

  /// What to do next.
  public var recoverySuggestion: String? { remedy }
}

extension InputProblem: LocalizedError {
  /// What is wrong with the inputs.
  public var errorDescription: String? { message }

  /// What to do next.
  public var recoverySuggestion: String? { remedy }
}

extension FaithfulnessFailure: LocalizedError {
  /// What differs first, and why as far as is known.
  public var errorDescription: String? { description }
}
