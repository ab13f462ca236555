internal import AlbertBytes

/// The vocabulary that a preset's tokenizer reads.
enum KerasHubVocabulary {
  /// The source's SentencePiece model as a preset keeps it; nil where there is none that
  /// `AlbertTokenizer` takes.
  static func file(of model: ExportModel) -> ExportFile? {
    guard let found = model.passthrough.first(where: { $0.name == "spiece.model" }),
      let bytes = try? found.bytes(),
      required.allSatisfy({ bytes.contains($0) })
    else { return nil }
    return ExportFile("assets/tokenizer/vocabulary.spm", found.content)
  }

  /// The pieces without which the tokenizer refuses to begin.
  private static let required = ["[CLS]", "[SEP]", "[MASK]", "<pad>"].map { Array($0.utf8) }
}
