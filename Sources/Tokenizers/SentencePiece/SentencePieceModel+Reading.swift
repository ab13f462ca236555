internal import AlbertArchives
internal import AlbertBytes

extension SentencePieceModel {
  /// Reads a `ModelProto`, of which only a unigram model can be used.
  init(_ bytes: [UInt8], path: String) throws(FileError) {
    let end = readUsualPieces(bytes)
    var reader = ProtobufReader(Array(bytes[end...]), path: path, offset: end)
    while let field = try reader.next() {
      switch field.number {
      case 1:
        pieces.append(
          try reader.message(field, "a piece") { (reader) throws(FileError) in
            try Self.piece(&reader)
          })
      case 2:
        try reader.message(field, "the trainer's settings") { (reader) throws(FileError) in
          try readTraining(&reader)
        }
      case 3:
        try reader.message(field, "the normalizer's settings") { (reader) throws(FileError) in
          try readNormalization(&reader)
        }
      default: break
      }
    }
    try check(path)
  }

  /// Reads the pieces at the beginning as trainers write them, a text, a score and a type in few bytes,
  /// and says where they end: thirty thousand of them take a tenth of the time that messages of any form
  /// would.
  private mutating func readUsualPieces(_ bytes: [UInt8]) -> Int {
    let span = bytes.span
    var start = 0
    while start + 2 <= span.count, span[start] == 0x0A, span[start + 1] < 0x80 {
      let end = start + 2 + Int(span[start + 1])
      guard end <= span.count, start + 4 <= end, span[start + 2] == 0x0A, span[start + 3] < 0x80
      else { break }
      let text = start + 4..<start + 4 + Int(span[start + 3])
      let score = text.upperBound + 1
      guard score + 4 <= end, span[score - 1] == 0x15,
        let string = String(validating: bytes[text], as: UTF8.self)
      else { break }
      var bits: UInt32 = 0
      for place in 0..<4 { bits |= UInt32(span[score + place]) << UInt32(8 * place) }
      var kind = Kind.normal
      if score + 4 < end {
        guard score + 6 == end, span[score + 4] == 0x18,
          let known = Kind(rawValue: Int(span[score + 5]))
        else { break }
        kind = known
      }
      pieces.append(Piece(text: string, score: Float(bitPattern: bits), kind: kind))
      start = end
    }
    return start
  }

  private static func piece(_ reader: inout ProtobufReader) throws(FileError) -> Piece {
    var text = ""
    var score: Float = 0
    var kind = Kind.normal
    while let field = try reader.next() {
      switch field.number {
      case 1: text = try reader.string(field, "a piece")
      case 2: score = Float(bitPattern: try field.fixed32("a piece's score"))
      case 3:
        let value = try field.signed("a piece's type")
        guard let known = Kind(rawValue: value) else {
          throw field.malformed("a piece's type is \(value), which does not exist")
        }
        kind = known
      default: break
      }
    }
    return Piece(text: text, score: score, kind: kind)
  }

  private mutating func readTraining(_ reader: inout ProtobufReader) throws(FileError) {
    while let field = try reader.next() {
      switch field.number {
      case 3:
        let value = try field.signed("the model's type")
        guard let known = Algorithm(rawValue: value) else {
          throw field.malformed("the model's type is \(value), which does not exist")
        }
        algorithm = known
      case 24: putsSpaceBehind = try field.bool("treat_whitespace_as_suffix")
      case 35: hasByteFallback = try field.bool("byte_fallback")
      case 44: unknownSurface = try reader.string(field, "unk_surface")
      default: break
      }
    }
  }

  private mutating func readNormalization(_ reader: inout ProtobufReader) throws(FileError) {
    while let field = try reader.next() {
      switch field.number {
      case 1: normalization.name = try reader.string(field, "the normalizer's name")
      case 2: normalization.characterMap = try reader.bytes(field, "the precompiled charsmap")
      case 3: normalization.addsDummyPrefix = try field.bool("add_dummy_prefix")
      case 4: normalization.removesExtraSpaces = try field.bool("remove_extra_whitespaces")
      case 5: normalization.escapesSpaces = try field.bool("escape_whitespaces")
      default: break
      }
    }
  }

  /// SentencePiece's own conditions, and the bounds of this reader.
  private mutating func check(_ path: String) throws(FileError) {
    guard !pieces.isEmpty else {
      throw FileError(
        path, .malformed("it holds no pieces, so that it is no SentencePiece model"))
    }
    guard algorithm == .unigram else {
      throw FileError(
        path, .unsupported("a SentencePiece model of the algorithm '\(algorithm)'"),
        remedy: TokenizerFiles.otherAlgorithm)
    }
    var unknown: Int?
    for (id, piece) in pieces.enumerated() {
      guard !piece.text.isEmpty else {
        throw FileError(path, .malformed("piece \(id) is empty"))
      }
      // A piece of so many bytes has no more characters.
      if piece.text.utf8.count > Self.longestPiece,
        case let length = piece.text.unicodeScalars.count, length > Self.longestPiece
      {
        throw FileError(
          path,
          .limit(of: "the characters of piece \(id)", value: length, most: Self.longestPiece))
      }
      guard piece.score.isFinite else {
        throw FileError(path, .malformed("the score of piece \(id) is not a finite number"))
      }
      guard piece.kind == .unknown else { continue }
      if let unknown {
        throw FileError(path, .malformed("pieces \(unknown) and \(id) are both the unknown one"))
      }
      unknown = id
    }
    guard let unknown else {
      throw FileError(path, .malformed("none of its pieces is the unknown one"))
    }
    unknownID = unknown
  }
}
