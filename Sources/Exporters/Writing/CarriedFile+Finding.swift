internal import Archives
internal import Bytes
internal import Conversion
internal import SystemPackage

extension CarriedFile {
  /// The tokenizer's files beside a source, by the names under which Hugging Face's tokenizers look
  /// for them.
  ///
  /// Files that cannot be read, lie outside the source's own folder or are too large to be a
  /// tokenizer's stay behind.
  static func beside(_ inspection: Inspection) -> [CarriedFile] {
    guard let weights = inspection.archive.files.first?.path,
      let folder = try? ModelFolder(of: weights)
    else { return [] }
    var found: [CarriedFile] = []
    // What a KerasHub preset keeps under the name of Hugging Face's tokenizer is a layer's config.
    let places = inspection.upstream == "keras-hub" ? places.filter { $0.0 != $0.1 } : places
    for (place, name) in places where !found.contains(where: { $0.name == name }) {
      guard let path = try? folder.file(named: place, "the tokenizer"),
        let file = try? SourceFile(path), file.size <= largestSize
      else { continue }
      found.append(CarriedFile(name: name, file: file))
    }
    return found
  }

  /// The largest tokenizer file that is carried; a vocabulary of a million words has 30 MB.
  private static let largestSize = 64 << 20

  /// Where publishers keep tokenizer files, and what Hugging Face calls them.
  private static let places = [
    ("spiece.model", "spiece.model"), ("tokenizer.json", "tokenizer.json"),
    ("tokenizer_config.json", "tokenizer_config.json"),
    ("special_tokens_map.json", "special_tokens_map.json"),
    ("added_tokens.json", "added_tokens.json"), ("vocab.txt", "vocab.txt"),
    // Google's releases, and KerasHub's presets.
    ("30k-clean.model", "spiece.model"), ("assets/30k-clean.model", "spiece.model"),
    ("assets/tokenizer/vocabulary.spm", "spiece.model"),
  ]
}
