/// A step of the tokenizers library that turns pieces back into text.
indirect enum Decoder: Sendable {
  case sequence([Decoder])
  case metaspace(Unicode.Scalar, prepends: Bool)
  case wordPiece(prefix: String, cleansUp: Bool)
  case replace([Unicode.Scalar], with: [Unicode.Scalar])
  case byteFallback
  case fuse
  case strip(Unicode.Scalar, start: Int, stop: Int)

  func decode(_ pieces: [String]) -> [String] {
    switch self {
    case .sequence(let steps): return steps.reduce(pieces) { $1.decode($0) }
    case .metaspace(let mark, let prepends):
      return pieces.enumerated().map { index, piece in
        var text = String.UnicodeScalarView()
        for scalar in piece.unicodeScalars {
          if scalar != mark {
            text.append(scalar)
          } else if index > 0 || !prepends {
            text.append(" ")
          }
        }
        return String(text)
      }
    case .wordPiece(let prefix, let cleansUp):
      return pieces.enumerated().map { index, piece in
        var text = piece
        if index > 0 {
          let isInner = piece.utf8.starts(with: prefix.utf8)
          text = isInner ? String(piece.utf8.dropFirst(prefix.utf8.count)) ?? piece : " " + piece
        }
        return cleansUp ? text.cleanedUp : text
      }
    case .replace(let pattern, let replacement):
      return pieces.map {
        AlignedText($0).replacing(pattern, with: replacement, source: AlignedText.Source.last)
          .string
      }
    case .byteFallback: return Self.joiningBytes(pieces)
    case .fuse: return [pieces.joined()]
    case .strip(let scalar, let start, let stop):
      return pieces.map { piece in
        var rest = Substring(piece).unicodeScalars
        for _ in 0..<start where rest.first == scalar { rest.removeFirst() }
        for _ in 0..<stop where rest.last == scalar { rest.removeLast() }
        return String(rest)
      }
    }
  }

  /// Pieces of bytes as the characters that they make; each is U+FFFD where they make none.
  private static func joiningBytes(_ pieces: [String]) -> [String] {
    var result: [String] = []
    var bytes: [UInt8] = []
    func flush() {
      guard !bytes.isEmpty else { return }
      if let text = String(validating: bytes, as: UTF8.self) {
        result.append(text)
      } else {
        result += Array(repeating: "\u{FFFD}", count: bytes.count)
      }
      bytes = []
    }
    for piece in pieces {
      if let byte = SentencePieceProcessor.byte(ofPiece: piece) {
        bytes.append(byte)
      } else {
        flush()
        result.append(piece)
      }
    }
    flush()
    return result
  }
}

extension String {
  /// Without the spaces that cutting at punctuation left, in English.
  fileprivate var cleanedUp: String {
    let rules = [
      (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
      (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ]
    return rules.reduce(self) { $0.replacing($1.0, with: $1.1) }
  }
}
