/// ALBERT's own cleaning around a SentencePiece model, as Google's code and transformers'
/// `AlbertTokenizer` have it.
struct SlowALBERT: SlowModel {
  /// What is done to a text before SentencePiece sees it.
  struct Cleaning: Equatable, Sendable {
    /// White space is folded and quotes are straightened; false hands the text over as it is.
    var isOn = true
    var removesSpace = true
    var keepsAccents = false
    var lowercases = true
  }

  let processor: SentencePieceProcessor
  let cleaning: Cleaning

  func pieces(_ text: AlignedText) -> [AlignedPiece] {
    guard cleaning.isOn else { return processor.pieces(text) }
    return processor.pieces(clean(text)).flatMap { piece in
      piece.text.isNumberAndComma ? split(piece) : [piece]
    }
  }

  func id(of piece: String) -> Int? { processor.id(of: piece) }

  var unknownID: Int { processor.model.unknownID }

  var vocabulary: TokenVocabulary {
    TokenVocabulary(
      pieces: processor.model.pieces.map(\.text),
      scores: processor.model.pieces.map { Double($0.score) })
  }

  private func clean(_ text: AlignedText) -> AlignedText {
    var result = cleaning.removesSpace ? text.foldingSpace : text
    for quotes in ["``", "''"] {
      result = result.replacing(
        Array(quotes.unicodeScalars), with: ["\""], source: AlignedText.Source.joined)
    }
    if !cleaning.keepsAccents {
      result = result.normalized(.nfkd).filter { !$0.isCombining }
    }
    return cleaning.lowercases ? result.pythonLowercased : result
  }

  /// The number without its comma, cut anew, and the comma: `1990,` is common enough to be a piece, and
  /// yet the number is to stand alone.
  private func split(_ piece: AlignedPiece) -> [AlignedPiece] {
    let part = piece.part
    let number = part[0..<part.count - 1].filter { $0 != .metaspace }
    var pieces = processor.pieces(number)
    let beginsWord = part.scalars.first == .metaspace
    if !beginsWord, let first = pieces.first, first.part.scalars.first == .metaspace {
      if first.part.count == 1 {
        pieces.removeFirst()
      } else {
        pieces[0] = AlignedPiece(first.part[1..<first.part.count])
      }
    }
    pieces.append(AlignedPiece(part[part.count - 1..<part.count]))
    return pieces
  }
}

extension AlignedText {
  /// Words with one space between them, by Python's `split`.
  var foldingSpace: AlignedText {
    var result = AlignedText()
    result.reserve(count)
    var pending: Source?
    for index in scalars.indices {
      if scalars[index].isPythonSpace {
        pending = pending.map { .joined($0, sources[index]) } ?? sources[index]
        continue
      }
      if let space = pending, !result.isEmpty { result.append(" ", space) }
      pending = nil
      result.append(scalars[index], sources[index])
    }
    return result
  }
}
