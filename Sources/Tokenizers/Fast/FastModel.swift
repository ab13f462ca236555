internal import AlbertBytes

/// The vocabulary of the tokenizers library at work: the pieces of one word.
protocol FastModel: Sendable {
  /// The model's own vocabulary.
  var vocabulary: TokenVocabulary { get }

  /// The pieces of a word, with their ids.
  func tokens(_ word: AlignedText) -> [Token]
  /// The id of a piece; nil where there is none.
  func id(of piece: String) -> Int?
}

extension WordPiece: FastModel {
  func tokens(_ word: AlignedText) -> [Token] {
    pieces(word).map { piece in
      Token(id: id(of: piece.text) ?? unknownID, piece: piece.text, source: piece.part.source)
    }
  }
}

/// A unigram model as the tokenizers library computes it: in double precision, and with every piece
/// a word may hold, whatever it was made for.
struct FastUnigram: FastModel {
  let vocabulary: TokenVocabulary
  private let search: UnigramSearch<Double>
  private let hasByteFallback: Bool

  init(
    _ pieces: [(text: String, score: Double)], unknownID: Int, hasByteFallback: Bool, path: String
  ) throws(FileError) {
    guard pieces.indices.contains(unknownID) else {
      throw FileError(
        path, .malformed("unk_id is \(unknownID), and there are \(pieces.count) pieces"))
    }
    var trie = ScalarTrie(edges: pieces.count * 4)
    for (id, piece) in pieces.enumerated() {
      let length = piece.text.unicodeScalars.count
      guard length <= SentencePieceModel.longestPiece else {
        throw FileError(
          path,
          .limit(
            of: "the characters of piece \(id)", value: length,
            most: SentencePieceModel.longestPiece))
      }
      // No search finds an empty piece, and the last of equal ones counts.
      if length > 0 { trie.insert(piece.text.unicodeScalars, Int32(truncatingIfNeeded: id)) }
    }
    let scores = pieces.map(\.score)
    search = UnigramSearch(
      trie: trie, scores: scores, unknownID: Int32(truncatingIfNeeded: unknownID),
      unknownScore: (scores.min() ?? 0) - 10)
    vocabulary = TokenVocabulary(pieces: pieces.map(\.text), scores: scores)
    self.hasByteFallback = hasByteFallback
  }

  func id(of piece: String) -> Int? { search.trie.value(of: piece.unicodeScalars).map(Int.init) }

  func tokens(_ word: AlignedText) -> [Token] {
    search.fusedPath(word.scalars).flatMap { step -> [Token] in
      let part = word[step.range]
      if let id = search.trie.value(of: part.scalars) {
        return [Token(id: Int(id), piece: part.string, source: part.source)]
      }
      if hasByteFallback, let bytes = byteTokens(part) { return bytes }
      return [Token(id: Int(search.unknownID), piece: part.string, source: part.source)]
    }
  }

  /// A token for each byte, where the vocabulary has all of them.
  private func byteTokens(_ part: AlignedText) -> [Token]? {
    var tokens: [Token] = []
    for byte in part.string.utf8 {
      let piece = SentencePieceProcessor.bytePiece(byte)
      guard let id = id(of: piece) else { return nil }
      tokens.append(Token(id: id, piece: piece, source: part.source))
    }
    return tokens
  }
}
