extension Unicode.Scalar {
  /// Whether the character does something to a screen instead of being seen on it: a control
  /// character, which may move the cursor or colour what follows, a separator of lines, or a mark that
  /// turns the direction of text around.
  ///
  /// Text from a file must not be able to look like another text, so such characters are spelled out.
  package var isUnsafeToShow: Bool {
    switch value {
    case 0...0x1F, 0x7F...0x9F: true
    case 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
