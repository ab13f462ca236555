public import AlbertBytes

/// Something that was noticed about a model, and what to do about it.
public struct Finding: Equatable, Sendable {
  /// How much it matters.
  public enum Severity: String, Sendable {
    /// It stops a conversion.
    case error
    /// Something is a guess, or is likely not meant.
    case warning
    /// Something to know.
    case note

    /// Errors first.
    package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .error: 0
      case .warning: 1
      case .note: 2
      }
    }
  }

  /// How much it matters; an error stops a conversion.
  public let severity: Severity
  /// A stable word for scripts.
  public let code: String
  /// What was noticed, with what was expected and what was found.
  public let message: String
  /// What to do; an empty sentence where nothing is to be done.
  package let advice: Remedy
  /// The tensor concerned, by its name in the file.
  public let tensor: String?

  /// Makes a finding.
  package init(
    _ severity: Severity, code: String, _ message: String, remedy: Remedy = "",
    tensor: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    advice = remedy
    self.tensor = tensor
  }

  /// What to do, as an imperative sentence without its full stop, in which settings are the library's
  /// own properties; empty where nothing is to be done.
  public var remedy: String { advice.description }

  /// The message, and what to do where something is.
  package var sentence: String { sentence(\.description) }

  /// The message, and what to do where something is, with settings in a program's own words.
  ///
  /// - Parameter word: What a setting is called.
  /// - Returns: The sentence without its full stop.
  public func sentence(_ word: (Setting) -> String) -> String {
    advice.isEmpty ? message : "\(message); \(advice.text(word))"
  }
}

extension [Finding] {
  /// Adds a finding.
  package mutating func add(
    _ severity: Finding.Severity, code: String, _ message: String, remedy: Remedy = "",
    tensor: String? = nil
  ) {
    append(Finding(severity, code: code, message, remedy: remedy, tensor: tensor))
  }
}
