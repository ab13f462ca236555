internal import AlbertBytes

/// A tokenizer's files, by the names under which Hugging Face's tokenizers look for them.
package struct TokenizerFiles: Sendable {
  /// The files' bytes.
  package var contents: [String: [UInt8]]
  /// What errors name: the folder, or the file that carries them.
  package let path: String
  /// The `tokenizer_class` of the model's own config, where it states one.
  package var declaredClass: String?
  /// Whether they are a KerasHub preset's, whose tokenizer cleans nothing.
  package var isKerasHub = false

  /// Makes a set of files.
  package init(_ contents: [String: [UInt8]], path: String) {
    self.contents = contents
    self.path = path
  }

  /// What helps where a tokenizer is of an algorithm that no ALBERT was published with.
  static let otherAlgorithm: Remedy =
    "make the ids with the library that wrote it, and run the model on them; ALBERT's own tokenizers are "
    + "unigram and WordPiece models"

  /// SentencePiece's model.
  package static let sentencePiece = "spiece.model"
  /// The tokenizers library's file.
  package static let pipeline = "tokenizer.json"
  /// WordPiece's vocabulary.
  package static let wordPiece = "vocab.txt"
  /// Settings of the tokenizer's class.
  package static let config = "tokenizer_config.json"
  /// Special tokens, as older versions keep them.
  package static let specialTokens = "special_tokens_map.json"
  /// Added tokens, as older versions keep them.
  package static let addedTokens = "added_tokens.json"

  /// The files of which one must be there.
  package static let vocabularies = [pipeline, sentencePiece, wordPiece]

  /// Whether any of them is there.
  package var holdsVocabulary: Bool { Self.vocabularies.contains { contents[$0] != nil } }

  /// The path that errors about one of the files name.
  func path(of name: String) -> String { "\(path)/\(name)" }

  /// Where publishers keep the files, and what Hugging Face calls them; of several that mean the same
  /// the first counts.
  package static let places: [(place: String, name: String)] = [
    (sentencePiece, sentencePiece), (pipeline, pipeline), (config, config),
    (specialTokens, specialTokens), (addedTokens, addedTokens), (wordPiece, wordPiece),
    // Google's releases, and KerasHub's presets.
    ("30k-clean.model", sentencePiece), ("assets/30k-clean.model", sentencePiece),
    (kerasHubVocabulary, sentencePiece), ("vocabulary.spm", sentencePiece),
    ("assets/vocab.txt", wordPiece), ("vocab_chinese.txt", wordPiece),
  ]

  /// Where a KerasHub preset keeps its vocabulary.
  package static let kerasHubVocabulary = "assets/tokenizer/vocabulary.spm"

  /// The places of one publisher: what a KerasHub preset keeps under the name of a tokenizer of Hugging
  /// Face's is a layer's config.
  package static func places(isKerasHub: Bool) -> [(place: String, name: String)] {
    isKerasHub ? places.filter { $0.place != $0.name } : places
  }

  /// The largest file that is read; a vocabulary of a million words has 30 MB.
  package static let largestFile = 64 << 20
}
