extension AlignedText {
  /// The parts between scalars that `isSpace` accepts, empty ones left out.
  func words(_ isSpace: (Unicode.Scalar) -> Bool) -> [AlignedText] {
    var words: [AlignedText] = []
    var begin: Int?
    for index in scalars.indices {
      if isSpace(scalars[index]) {
        if let start = begin { words.append(self[start..<index]) }
        begin = nil
      } else if begin == nil {
        begin = index
      }
    }
    if let start = begin { words.append(self[start..<count]) }
    return words
  }

  /// The parts between scalars that `isApart` accepts, and each such scalar as a part of its own.
  func isolating(_ isApart: (Unicode.Scalar) -> Bool) -> [AlignedText] {
    var parts: [AlignedText] = []
    var begin = 0
    for index in scalars.indices where isApart(scalars[index]) {
      if begin < index { parts.append(self[begin..<index]) }
      parts.append(self[index..<index + 1])
      begin = index + 1
    }
    if begin < count { parts.append(begin == 0 ? self : self[begin..<count]) }
    return parts
  }

  /// The parts of which each but the first begins with `mark`.
  func split(before mark: Unicode.Scalar) -> [AlignedText] {
    cut { _, index in scalars[index] == mark }
  }

  /// The longest parts whose scalars `fits` either accepts all or accepts none of.
  func runs(_ fits: (Unicode.Scalar) -> Bool) -> [AlignedText] {
    cut { begin, index in fits(scalars[index]) != fits(scalars[begin]) }
  }

  /// The parts that end where `isCut` says so of a part's first scalar and one behind it, by their places.
  private func cut(_ isCut: (_ begin: Int, _ index: Int) -> Bool) -> [AlignedText] {
    var parts: [AlignedText] = []
    var begin = 0
    for index in scalars.indices where index > begin && isCut(begin, index) {
      parts.append(self[begin..<index])
      begin = index
    }
    if begin < count { parts.append(begin == 0 ? self : self[begin..<count]) }
    return parts
  }
}
