internal import AlbertBytes

/// WordPiece: of a word the longest piece that begins it, then the longest that goes on, and so forth;
/// the whole word is unknown where that fails.
struct WordPiece: Sendable {
  let vocabulary: TokenVocabulary
  let unknownID: Int
  let unknownPiece: String
  /// What pieces begin with that go on with a word.
  let continuation: String
  /// The characters of the longest word that is taken apart.
  let longestWord: Int
  private let trie: ScalarTrie
  /// Where pieces within a word begin.
  private let inner: Int32?

  /// `pieces` by their ids; where one is there twice the last counts.
  init(
    _ pieces: [String?], unknown: String, continuation: String = "##", longestWord: Int = 100,
    path: String
  ) throws(FileError) {
    var trie = ScalarTrie(edges: pieces.count * 2)
    for (id, piece) in pieces.enumerated() {
      guard let piece else { continue }
      trie.insert(piece.unicodeScalars, Int32(truncatingIfNeeded: id))
    }
    guard let id = trie.value(of: unknown.unicodeScalars) else {
      throw FileError(
        path, .malformed("the vocabulary lacks '\(unknown)', which stands for unknown words"))
    }
    unknownID = Int(id)
    unknownPiece = unknown
    self.continuation = continuation
    self.longestWord = longestWord
    self.trie = trie
    inner = trie.node(continuation.unicodeScalars)
    vocabulary = TokenVocabulary(pieces: pieces)
  }

  func id(of piece: String) -> Int? { trie.value(of: piece.unicodeScalars).map(Int.init) }

  func pieces(_ word: AlignedText) -> [AlignedPiece] {
    guard word.count <= longestWord else { return [AlignedPiece(text: unknownPiece, part: word)] }
    var pieces: [AlignedPiece] = []
    var start = 0
    while start < word.count {
      let root = start == 0 ? ScalarTrie.root : inner
      guard let root, let end = trie.longest(in: word.scalars, at: start, from: root)?.end else {
        return [AlignedPiece(text: unknownPiece, part: word)]
      }
      let part = word[start..<end]
      pieces.append(
        AlignedPiece(text: (start == 0 ? "" : continuation) + part.string, part: part))
      start = end
    }
    return pieces
  }
}

extension WordPiece {
  /// The pieces of a `vocab.txt`: one a line, their ids the lines' numbers.
  static func lines(_ bytes: [UInt8], path: String) throws(FileError) -> [String?] {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(path, .malformed("the vocabulary is not valid UTF-8"))
    }
    var lines: [String?] = []
    var line = String.UnicodeScalarView()
    var isBehindReturn = false
    for scalar in text.unicodeScalars {
      defer { isBehindReturn = scalar == "\r" }
      if scalar == "\n", isBehindReturn { continue }
      if scalar == "\n" || scalar == "\r" {
        lines.append(String(line))
        line = String.UnicodeScalarView()
      } else {
        line.append(scalar)
      }
    }
    if !line.isEmpty { lines.append(String(line)) }
    guard !lines.isEmpty else {
      throw FileError(path, .malformed("the vocabulary is empty"))
    }
    // Where a piece stands twice the last line counts.
    var trie = ScalarTrie(edges: lines.count * 2)
    for id in lines.indices {
      guard let line = lines[id] else { continue }
      let before = trie.insert(line.unicodeScalars, Int32(truncatingIfNeeded: id))
      if let before { lines[Int(before)] = nil }
    }
    return lines
  }
}
