/// What to do next, as an imperative sentence without its full stop, in which settings are cases.
///
/// A program prints it as it is, which names the library's own properties, or words the settings as its
/// users state them: the tool says `pass --force to replace it`.
package struct Remedy: Equatable, Sendable {
  private enum Part: Equatable, Sendable {
    case text(String)
    case setting(Setting)
  }

  private var parts: [Part] = []

  /// A sentence that names no setting.
  package init(_ text: String) { append(text) }

  /// Whether nothing is to be done.
  package var isEmpty: Bool { parts.isEmpty }

  /// The sentence with each setting in a program's own words.
  ///
  /// - Parameter word: What a setting is called.
  /// - Returns: The whole sentence; empty where nothing is to be done.
  package func text(_ word: (Setting) -> String) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .setting(let setting): word(setting)
      }
    }.joined()
  }

  private mutating func append(_ text: String) {
    if text.isEmpty { return }
    if case .text(let before) = parts.last {
      parts[parts.count - 1] = .text(before + text)
    } else {
      parts.append(.text(text))
    }
  }

  private mutating func append(_ other: Remedy) {
    for part in other.parts {
      switch part {
      case .text(let text): append(text)
      case .setting: parts.append(part)
      }
    }
  }

  /// Both sentences, one behind the other.
  package static func + (left: Remedy, right: Remedy) -> Remedy {
    var sum = left
    sum.append(right)
    return sum
  }
}

extension Remedy: CustomStringConvertible {
  /// The sentence with the library's own properties for settings.
  package var description: String { text(\.description) }
}

extension Remedy: ExpressibleByStringInterpolation {
  /// The pieces of a sentence as they are written in a program.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var remedy = Remedy("")

    /// An empty sentence.
    ///
    /// - Parameters:
    ///   - literalCapacity: Characters of text to come.
    ///   - interpolationCount: Values to come.
    package init(literalCapacity: Int, interpolationCount: Int) {}

    /// Adds text.
    ///
    /// - Parameter literal: The text.
    package mutating func appendLiteral(_ literal: String) { remedy.append(literal) }

    /// Adds a setting.
    ///
    /// - Parameter setting: The setting.
    package mutating func appendInterpolation(_ setting: Setting) {
      remedy.parts.append(.setting(setting))
    }

    /// Adds another sentence.
    ///
    /// - Parameter other: The sentence, with its settings.
    package mutating func appendInterpolation(_ other: Remedy) { remedy.append(other) }

    /// Adds a value as text.
    ///
    /// - Parameter value: The value.
    package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      remedy.append(value.description)
    }
  }

  /// A sentence that names no setting.
  ///
  /// - Parameter text: The sentence.
  package init(stringLiteral text: String) { self.init(text) }

  /// A sentence of several pieces.
  ///
  /// - Parameter pieces: Its text and its settings.
  package init(stringInterpolation pieces: StringInterpolation) { self = pieces.remedy }
}

extension Remedy {
  /// The sentence, and text behind it.
  package static func + (left: Remedy, right: String) -> Remedy { left + Remedy(right) }
}

extension [Remedy] {
  /// All of them in one, with a separator between two.
  package func joined(separator: String) -> Remedy {
    var sum = Remedy("")
    for (index, remedy) in enumerated() { sum = (index == 0 ? sum : sum + separator) + remedy }
    return sum
  }
}
