extension AlignedText {
  /// Each scalar in lower case by itself, as Rust's `char::to_lowercase` has it.
  var lowercased: AlignedText {
    flatMap { scalar, emit in scalar.lowercase(emit) }
  }

  /// In lower case as Python's `str.lower` has it: a capital sigma at a word's end becomes the
  /// final one.
  var pythonLowercased: AlignedText {
    guard scalars.contains("\u{3A3}") else { return lowercased }
    var result = AlignedText()
    result.reserve(count)
    for index in scalars.indices {
      let source = sources[index]
      if scalars[index] == "\u{3A3}" {
        result.append(isFinal(at: index) ? "\u{3C2}" : "\u{3C3}", source)
      } else {
        scalars[index].lowercase { result.append($0, source) }
      }
    }
    return result
  }

  /// Whether a cased letter stands before and none behind, what case ignores aside.
  private func isFinal(at index: Int) -> Bool {
    let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
    guard before?.properties.isCased == true else { return false }
    let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return after?.properties.isCased != true
  }
}

extension Unicode.Scalar {
  /// Hands over the scalars of the full lower-case mapping.
  func lowercase(_ emit: (Unicode.Scalar) -> Void) {
    if value < 0x80 {
      let isUpper = value >= 0x41 && value <= 0x5A
      return emit(isUpper ? Unicode.Scalar(UInt8(truncatingIfNeeded: value) | 0x20) : self)
    }
    guard properties.changesWhenLowercased else { return emit(self) }
    for scalar in properties.lowercaseMapping.unicodeScalars { emit(scalar) }
  }
}
