internal import AlbertBytes

/// A precompiled map of character sequences to others: a double-array trie (of Darts) and the texts
/// that its values point at, each ended by a zero byte.
///
/// No number in it is trusted: a step that would leave the array ends the walk, and each step takes a
/// byte of the text, so that cycles end too.
struct CharacterMap: Sendable {
  private let units: [UInt32]
  private let texts: [UInt8]

  /// Decodes the blob: the trie's size in bytes, the trie, the texts.
  init(_ blob: [UInt8], path: String) throws(FileError) {
    var cursor = ByteCursor(blob, path: path)
    let size = Int(try cursor.littleEndian(UInt32.self, "the charsmap's size"))
    guard size % 4 == 0, size > 0 else {
      throw FileError(path, .malformed("the charsmap's trie has \(size) bytes, no multiple of 4"))
    }
    try cursor.require(size, "the charsmap's trie")
    let trie = try cursor.bytes(size, "the charsmap's trie")
    units = (0..<size / 4).map { index in
      var unit: UInt32 = 0
      for offset in (0..<4).reversed() { unit = unit << 8 | UInt32(trie[index * 4 + offset]) }
      return unit
    }
    texts = try cursor.bytes(cursor.remaining, "the charsmap's texts")
    guard texts.last == 0 else {
      throw FileError(path, .malformed("the charsmap's texts do not end with a zero byte"))
    }
  }

  /// What the longest sequence at `start` becomes, and where that ends: SentencePiece's way.
  func longest(in text: [Unicode.Scalar], at start: Int) -> (text: [Unicode.Scalar], end: Int)? {
    var found: (value: Int, end: Int)?
    var walk = Walk()
    var matches = 0
    for index in start..<text.count {
      guard step(&walk, text[index]) else { break }
      if let value = walk.value {
        found = (value, index + 1)
        matches += 1
        // As many as SentencePiece looks at.
        if matches == 32 { break }
      }
    }
    guard let found, let text = self.text(at: found.value) else { return nil }
    return (text, found.end)
  }

  /// What the shortest sequence at the beginning of `part` becomes: the way of Hugging Face's
  /// tokenizers, which look up grapheme clusters.
  func first(in part: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar]? {
    var walk = Walk()
    for scalar in part {
      guard scalar.value != 0, step(&walk, scalar) else { return nil }
      if let value = walk.value { return text(at: value) }
    }
    return nil
  }

  /// Where in the array a walk stands.
  private struct Walk {
    var node: UInt32?
    /// The value of the sequence so far, where it is one of the map's.
    var value: Int?
  }

  /// Follows the bytes of one scalar.
  private func step(_ walk: inout Walk, _ scalar: Unicode.Scalar) -> Bool {
    walk.value = nil
    guard var node = walk.node ?? units.first.map({ Self.offset($0) }) else { return false }
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
      node ^= UInt32(byte)
      guard let unit = unit(node), unit & 0x8000_00FF == UInt32(byte) else { return false }
      node ^= Self.offset(unit)
      walk.value = nil
      if unit >> 8 & 1 == 1, let leaf = self.unit(node) {
        walk.value = Int(leaf & 0x7FFF_FFFF)
      }
    }
    walk.node = node
    return true
  }

  private func unit(_ index: UInt32) -> UInt32? {
    index < UInt32(truncatingIfNeeded: units.count) ? units[Int(index)] : nil
  }

  /// Where a unit's children begin, relative to it.
  private static func offset(_ unit: UInt32) -> UInt32 { (unit >> 10) << ((unit & 1 << 9) >> 6) }

  /// The text that begins at `place`, with U+FFFD for what is not UTF-8.
  private func text(at place: Int) -> [Unicode.Scalar]? {
    guard place < texts.count, let end = texts[place...].firstIndex(of: 0) else { return nil }
    return Array(String(decoding: texts[place..<end], as: UTF8.self).unicodeScalars)
  }
}
