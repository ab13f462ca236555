internal import AlbertBytes

/// A SentencePiece model at work: pieces of a text, exactly as Google's library finds them.
struct SentencePieceProcessor: Sendable {
  let model: SentencePieceModel
  private let normalizer: SentencePieceNormalizer
  private let search: UnigramSearch<Float>
  /// Pieces of which no text speaks, by name.
  private let reserved: ScalarTrie

  init(_ model: SentencePieceModel, path: String) throws(FileError) {
    self.model = model
    var trie = ScalarTrie(edges: model.pieces.count * 4)
    var symbols = ScalarTrie()
    var reserved = ScalarTrie()
    var least = Float.greatestFiniteMagnitude
    for (id, piece) in model.pieces.enumerated() {
      let row = Int32(truncatingIfNeeded: id)
      let text = piece.text.unicodeScalars
      let before =
        piece.kind.isOrdinary ? trie.insert(text, row) : reserved.insert(text, row)
      guard before == nil else {
        throw FileError(path, .malformed("piece \(id) repeats '\(piece.text)'"))
      }
      if piece.kind == .userDefined { symbols.insert(piece.text.unicodeScalars, row) }
      if piece.kind == .normal { least = min(least, piece.score) }
    }
    self.reserved = reserved
    normalizer = try SentencePieceNormalizer(model, symbols: symbols, path: path)
    search = UnigramSearch(
      trie: trie,
      scores: model.pieces.map { piece in
        guard piece.kind == .userDefined else { return piece.score }
        // No loss, and the more the longer, so that the symbol is always taken.
        return Float(0.1 * Double(piece.text.utf8.count - 1))
      },
      isUsable: model.pieces.map { $0.kind != .unused },
      unknownID: Int32(truncatingIfNeeded: model.unknownID), unknownScore: least - 10,
      largestSum: 100_000)
  }

  /// The pieces of `text`; a run of unknown characters is one piece, or one per byte where the model
  /// has pieces for bytes.
  func pieces(_ text: AlignedText) -> [AlignedPiece] {
    let normalized = normalizer.normalize(text)
    let hasBytes = model.hasByteFallback
    let steps = hasBytes ? search.path(normalized.scalars) : search.fusedPath(normalized.scalars)
    var pieces: [AlignedPiece] = []
    pieces.reserveCapacity(steps.count)
    for step in steps {
      let part = normalized[step.range]
      guard hasBytes, step.id == Int32(truncatingIfNeeded: model.unknownID) else {
        pieces.append(AlignedPiece(part))
        continue
      }
      for byte in part.string.utf8 {
        pieces.append(AlignedPiece(text: Self.bytePiece(byte), part: part))
      }
    }
    return pieces
  }

  /// The row of a piece, ordinary ones and reserved ones alike; nil where there is none.
  func id(of piece: String) -> Int? {
    let text = piece.unicodeScalars
    return (reserved.value(of: text) ?? search.trie.value(of: text)).map(Int.init)
  }

  /// The name of a byte's piece.
  static func bytePiece(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x\(digits.count < 2 ? "0" : "")\(digits)>"
  }

  /// The byte that a piece is named for.
  static func byte(ofPiece piece: String) -> UInt8? {
    let utf8 = piece.utf8
    guard utf8.count == 6, utf8.starts(with: "<0x".utf8), utf8.last == UInt8(ascii: ">") else {
      return nil
    }
    return UInt8(piece.dropFirst(3).dropLast(), radix: 16)
  }
}

/// A piece, with the part of the normalised text that it stands for.
struct AlignedPiece: Sendable {
  /// Its name; that of a byte is not a part of any text.
  var text: String
  var part: AlignedText
}

extension AlignedPiece {
  init(_ part: AlignedText) { self.init(text: part.string, part: part) }
}
