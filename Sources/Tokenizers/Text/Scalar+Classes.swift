/// Classes of characters as the tokenizers' own languages define them. Swift's tables of Unicode say
/// which characters belong to a property; which property is asked for differs.
extension Unicode.Scalar {
  /// U+2581, which stands for a space in pieces.
  static let metaspace: Unicode.Scalar = "\u{2581}"

  /// Python's `str.isspace`: Unicode's white space and the four separators of ASCII.
  var isPythonSpace: Bool {
    value < 0x80
      ? value == 0x20 || (value >= 9 && value <= 13) || (value >= 0x1C && value <= 0x1F)
      : properties.isWhitespace
  }

  /// Unicode's White_Space, which is Rust's `char::is_whitespace`.
  var isSpace: Bool {
    value < 0x80 ? value == 0x20 || (value >= 9 && value <= 13) : properties.isWhitespace
  }

  /// Python's `str.isdigit`: decimal digits, and others such as superscripts.
  var isPythonDigit: Bool {
    if value < 0x80 { return value >= 0x30 && value <= 0x39 }
    return properties.numericType == .decimal || properties.numericType == .digit
  }

  /// Of general category N, which is Rust's `char::is_numeric`: Chinese numerals are letters.
  var isNumericInRust: Bool {
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: return true
    default: return false
    }
  }

  /// Whether it has a combining class other than 0 (Python's `unicodedata.combining`).
  var isCombining: Bool {
    value >= 0x300 && properties.canonicalCombiningClass != .notReordered
  }

  /// Of general category M: vowel signs of Indic scripts too, which combine with class 0.
  var isMark: Bool {
    guard value >= 0x300 else { return false }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: return true
    default: return false
    }
  }

  /// Of general category Mn.
  var isNonspacingMark: Bool {
    value >= 0x300 && properties.generalCategory == .nonspacingMark
  }

  /// Of general category C: control, format, surrogate, private use, unassigned.
  var isOther: Bool {
    if value < 0x7F { return value < 0x20 }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned: return true
    default: return false
    }
  }

  /// Of general category P.
  var isPunctuation: Bool {
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  /// Whether it was assigned in that version of Unicode.
  private func isInUnicode(_ version: Int) -> Bool {
    guard let age = properties.age else { return false }
    return age.major < version || (age.major == version && age.minor == 0)
  }

  /// Whether it was assigned in Unicode 8.0, whose tables the tokenizers library has for BERT.
  private var isInUnicode8: Bool { isInUnicode(8) }

  /// Whether it is in the tables of Unicode 9.0, by which the tokenizers library normalises.
  var isInNormalizerOfRust: Bool { isInUnicode(9) }

  /// Of general category M where the tokenizers library strips accents.
  var isMarkInRust: Bool { isMark && isInNormalizerOfRust }

  /// BERT's control characters in the tokenizers library: unassigned ones do not count.
  var isOtherInRust: Bool {
    isOther && (value < 0x80 || (isInUnicode8 && properties.generalCategory != .unassigned))
  }

  /// Of general category Mn in the tokenizers library's BERT.
  var isNonspacingMarkInRust: Bool {
    switch value {
    // They were so in Unicode 8.0 alone.
    case 0x1734, 0x1171E: true
    // They have become so since.
    case 0x1885, 0x1886, 0xA9BD, 0x111C9: false
    default: isNonspacingMark && isInUnicode8
    }
  }

  /// What the tokenizers library's BERT splits off.
  var isPunctuationInRust: Bool { isBERTPunctuation && (value < 0x80 || isInUnicode8) }

  /// A character of ASCII that is not a letter, digit, space or control.
  var isASCIISymbol: Bool {
    switch value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }

  /// What BERT splits off: ASCII's symbols and Unicode's punctuation.
  var isBERTPunctuation: Bool { value < 0x80 ? isASCIISymbol : isPunctuation }

  /// Regular expressions' `\w`: letters, marks, decimal digits, connectors and joiners.
  var isWord: Bool {
    if value < 0x80 {
      return properties.isAlphabetic || (value >= 0x30 && value <= 0x39) || self == "_"
    }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default: return properties.isAlphabetic || properties.isJoinControl
    }
  }

  /// The same as the tokenizers library counts them: a slip leaves out 256 of extension E.
  var isChineseInRust: Bool { isChinese && !(0x2B820...0x2B91F).contains(value) }

  /// In a block of unified or compatibility ideographs, as BERT counts them.
  var isChinese: Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
      0x2B740...0x2B81F, 0x2B820...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
