extension SlowALBERT {
  /// Special tokens as they are, behind a space, and SentencePiece's decoding of what lies between.
  func text(_ pieces: [DecodedPiece]) -> String {
    var result = ""
    var run: [DecodedPiece] = []
    var isBehindSpecial = false
    for piece in pieces {
      guard piece.isSpecial else {
        run.append(piece)
        isBehindSpecial = false
        continue
      }
      if !isBehindSpecial { result += " " }
      result += processor.text(run) + piece.piece
      run = []
      isBehindSpecial = true
    }
    result += processor.text(run)
    let trimmed = AlignedText(result).trimmed { $0.isPythonSpace }
    return trimmed.string
  }
}

extension SentencePieceProcessor {
  /// The text of pieces: spaces for U+2581, none at the beginning, bytes put together.
  func text(_ pieces: [DecodedPiece]) -> String {
    var result = ""
    var bytes: [UInt8] = []
    var isAtStart = true
    let rules = model.normalization
    func flush() {
      result += String(decoding: bytes, as: UTF8.self)
      bytes = []
    }
    for piece in pieces {
      let id = id(of: piece.piece) ?? model.unknownID
      let kind = model.pieces[id].kind
      if kind == .byte, let byte = Self.byte(ofPiece: piece.piece) {
        bytes.append(byte)
        continue
      }
      flush()
      if !result.isEmpty { isAtStart = false }
      switch kind {
      case .control: continue
      case .unknown:
        let isNamed = model.pieces[id].text.utf8.elementsEqual(piece.piece.utf8)
        result += isNamed ? model.unknownSurface : piece.piece
      default:
        var scalars = Substring(piece.piece).unicodeScalars
        if isAtStart, rules.addsDummyPrefix || rules.removesExtraSpaces,
          scalars.first == .metaspace
        {
          scalars.removeFirst()
          if !rules.removesExtraSpaces { isAtStart = false }
        }
        for scalar in scalars {
          result.unicodeScalars.append(scalar == .metaspace ? " " : scalar)
        }
      }
    }
    flush()
    return result
  }
}
