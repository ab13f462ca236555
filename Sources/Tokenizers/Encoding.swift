/// A part of a text, counted in two ways.
public struct TextSpan: Equatable, Sendable {
  /// In Unicode scalars, which Python calls characters.
  public let scalars: Range<Int>
  /// In bytes of UTF-8.
  public let bytes: Range<Int>

  /// Makes a span of so many scalars and bytes.
  package init(scalars: Range<Int>, bytes: Range<Int>) {
    self.scalars = scalars
    self.bytes = bytes
  }
}

/// A text, or a pair of them, as a model reads it.
package struct Encoding: Equatable, Sendable {
  /// The tokens' ids.
  package internal(set) var ids: [Int] = []
  /// The segment of each token.
  package internal(set) var tokenTypeIDs: [Int] = []
  /// Whether a template added the token.
  package internal(set) var specialTokensMask: [Bool] = []
  /// The tokens' pieces, as the vocabulary spells them.
  package internal(set) var pieces: [String] = []
  /// The part of the text that each token stands for; nil for those that a template added.
  package internal(set) var offsets: [TextSpan?] = []
  /// Which text each token is from, 0 or 1; nil for those that a template added.
  package internal(set) var textIndices: [Int?] = []
  /// Tokens that were cut off to keep within the length that was asked for.
  package internal(set) var cutCount = 0

  /// The number of tokens.
  package var count: Int { ids.count }
}

/// How texts become encodings.
package struct EncodingOptions: Equatable, Sendable {
  /// The most tokens, special ones included; nil for as many as there are.
  package var maximumLength: Int?
  /// Whether the template's tokens (`[CLS]`, `[SEP]`) are added.
  package var addsSpecialTokens: Bool
  /// Which text of a pair is cut.
  package var truncation: Truncation

  /// Which text of a pair is cut where both together are too long.
  package enum Truncation: Equatable, Sendable {
    /// The longer one.
    case longestFirst
    /// The first alone, such as the question's context placed first.
    case onlyFirst
    /// The second alone, such as the context behind a question.
    case onlySecond
  }

  /// Makes options.
  package init(
    maximumLength: Int? = nil, addsSpecialTokens: Bool = true,
    truncation: Truncation = .longestFirst
  ) {
    self.maximumLength = maximumLength
    self.addsSpecialTokens = addsSpecialTokens
    self.truncation = truncation
  }
}
