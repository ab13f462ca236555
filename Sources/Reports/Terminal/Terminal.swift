internal import AlbertBytes
internal import AlbertPlatform

/// What a stream of text can show: colour, and how many columns.
package struct Terminal: Sendable {
  /// Whether escape sequences for colour are wanted.
  package let hasColor: Bool
  /// Whether a person watches, so that a line may be drawn anew.
  package let isInteractive: Bool
  /// Columns that text is set for; 80 where nobody says.
  package let width: Int
  /// Columns that no line may exceed; nil where nobody says, such as for a pipe, whose lines keep all that
  /// they say.
  package let limit: Int?

  /// States what a stream can show.
  package init(hasColor: Bool, isInteractive: Bool, width: Int? = nil) {
    self.hasColor = hasColor
    self.isInteractive = isInteractive
    limit = width
    self.width = width ?? 80
  }

  /// Plain text, 80 columns.
  package static let plain = Terminal(hasColor: false, isInteractive: false)

  /// When colour is used.
  package enum ColorChoice: String, CaseIterable, Sendable {
    /// On a terminal, unless `NO_COLOR` (https://no-color.org) or `TERM=dumb` says otherwise.
    case auto
    /// Wherever the text goes.
    case always
    /// Nowhere.
    case never
  }

  /// Standard output as it is.
  package static func standardOutput(_ color: ColorChoice = .auto) -> Terminal {
    Terminal(descriptor: STDOUT_FILENO, color)
  }

  /// Standard error as it is.
  package static func standardError(_ color: ColorChoice = .auto) -> Terminal {
    Terminal(descriptor: STDERR_FILENO, color)
  }

  /// The narrowest width that is believed; a terminal that is not set up says 0.
  private static let narrowest = 20

  private init(descriptor: Int32, _ color: ColorChoice) {
    let isTerminal = isatty(descriptor) == 1
    let refuses = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
    let isDumb = unsafe getenv("TERM").map { unsafe String(cString: $0) == "dumb" } ?? false
    let hasColor =
      switch color {
      case .auto: isTerminal && !refuses && !isDumb
      case .always: true
      case .never: false
      }
    var size = winsize()
    let known = unsafe isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    // Where somebody exports a width it is meant, on a pipe too.
    let stated = unsafe getenv("COLUMNS").flatMap { unsafe Int(String(cString: $0)) }
    let width = [stated, known ? Int(size.ws_col) : nil, isTerminal ? 80 : nil].compactMap(\.self)
      .first { $0 >= Self.narrowest }
    self.init(
      hasColor: hasColor, isInteractive: isTerminal && !isDumb, width: width)
  }

  /// Text from a file as it may be shown: characters that would do something to the screen, such as
  /// moving the cursor, are spelled out.
  package static func shown(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: \.isUnsafeToShow) else { return text }
    return text.unicodeScalars.map { $0.isUnsafeToShow ? spelled($0) : String($0) }.joined()
  }

  /// A character by its number, such as `\u{1b}`.
  static func spelled(_ scalar: Unicode.Scalar) -> String {
    "\\u{\(String(scalar.value, radix: 16))}"
  }

  /// A way to make text stand out.
  package enum Style: Int, Sendable {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
    case cyan = 36
  }

  /// The text in a style, or as it is where there is no colour.
  package func styled(_ text: String, _ style: Style) -> String {
    hasColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}
