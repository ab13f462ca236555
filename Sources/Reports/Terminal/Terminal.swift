internal import AlbertBytes
internal import AlbertPlatform

/// What a stream of text can show: colour, and how many columns.
package struct Terminal: Sendable {
  /// Whether escape sequences for colour are wanted.
  package let hasColor: Bool
  /// Whether a person watches, so that a line may be drawn anew.
  package let isInteractive: Bool
  /// Columns; 80 where nobody says.
  package let width: Int

  /// States what a stream can show.
  package init(hasColor: Bool, isInteractive: Bool, width: Int = 80) {
    self.hasColor = hasColor
    self.isInteractive = isInteractive
    self.width = width
  }

  /// Plain text, 80 columns.
  package static let plain = Terminal(hasColor: false, isInteractive: false)

  /// Standard output as it is; `NO_COLOR` is honoured (https://no-color.org).
  package static var standardOutput: Terminal { Terminal(descriptor: STDOUT_FILENO) }

  /// Standard error as it is; `NO_COLOR` is honoured.
  package static var standardError: Terminal { Terminal(descriptor: STDERR_FILENO) }

  private init(descriptor: Int32) {
    let isTerminal = isatty(descriptor) == 1
    let refuses = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
    let isDumb = unsafe getenv("TERM").map { unsafe String(cString: $0) == "dumb" } ?? false
    var size = winsize()
    let known = unsafe isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    self.init(
      hasColor: isTerminal && !refuses && !isDumb, isInteractive: isTerminal && !isDumb,
      width: known && size.ws_col >= 40 ? Int(size.ws_col) : 80)
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

  /// The text broken between words into lines of at most `width` columns, as far as its words allow;
  /// all lines but the first are indented.
  package func wrapped(_ text: String, indentation: Int) -> [String] {
    var lines: [String] = []
    var line = String(text.prefix { $0 == " " })
    var isEmpty = true
    for word in text.dropFirst(line.count).split(separator: " ", omittingEmptySubsequences: false) {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: indentation)
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return lines + [line]
  }

  /// A way to make text stand out.
  package enum Style: Int, Sendable {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
    case cyan = 36
  }

  /// The text in a style, or as it is where there is no colour.
  package func styled(_ text: String, _ style: Style) -> String {
    hasColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}
