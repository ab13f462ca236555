internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertReading
internal import AlbertTokenizers

/// Holds the tokenizers of two models against each other, where both have one.
///
/// Equal weights behind another vocabulary answer other words, and no tensor shows it.
struct TokenizerCheck {
  let subject: Inspection
  let reference: Inspection

  /// What differs, as warnings; a tokenizer that cannot be used is one too.
  func run() -> [Finding] {
    var tokenizers: [Tokenizer] = []
    var findings: [Finding] = []
    for side in [subject, reference] {
      do throws(FileError) {
        tokenizers.append(try side.tokenizer())
      } catch {
        guard error.code != "missing" else { return [] }
        findings.append(
          Finding(
            .warning, code: "tokenizer-unusable",
            "the tokenizer of \(side.path.string) cannot be compared: \(error.message)",
            remedy: error.advice))
      }
    }
    guard tokenizers.count == 2 else { return findings }
    return TokenizerComparison(tokenizers[0], with: tokenizers[1]).differences.map { difference in
      Finding(
        .warning, code: "tokenizer-differs", "the tokenizers differ: \(difference)",
        remedy: "use one tokenizer for both models, the one that they were trained with")
    }
  }
}
