/// What a SentencePiece model file says: pieces with scores, and how text is normalised.
struct SentencePieceModel: Sendable {
  /// What a piece is for.
  enum Kind: Int, Sendable {
    case normal = 1
    case unknown
    case control
    case userDefined
    case unused
    case byte

    /// Whether it can be found in a text; the others have names that no text means.
    var isOrdinary: Bool { self == .normal || self == .userDefined || self == .unused }
  }

  /// One row of the vocabulary.
  struct Piece: Sendable {
    let text: String
    let score: Float
    let kind: Kind
  }

  /// Which algorithm the scores are for.
  enum Algorithm: Int, Sendable {
    case unigram = 1
    case bpe
    case word
    case char
  }

  /// How text is normalised.
  struct Normalization: Sendable {
    var name = ""
    var characterMap: [UInt8] = []
    var addsDummyPrefix = true
    var removesExtraSpaces = true
    var escapesSpaces = true
  }

  var pieces: [Piece] = []
  var algorithm = Algorithm.unigram
  var hasByteFallback = false
  var putsSpaceBehind = false
  /// What an unknown piece is decoded to.
  var unknownSurface = " \u{2047} "
  var normalization = Normalization()
  /// The row of the unknown piece.
  var unknownID = 0

  /// The characters of the longest piece that is accepted, which bounds the search's steps for each
  /// character of a text; trainers make pieces of 16.
  static let longestPiece = 1024
}
