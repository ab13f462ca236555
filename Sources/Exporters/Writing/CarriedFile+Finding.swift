internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertBytes
internal import AlbertConversion
internal import SystemPackage

extension CarriedFile {
  /// The tokenizer's files beside a source, by the names under which Hugging Face's tokenizers look
  /// for them, and why others that are there are none of them.
  ///
  /// Files that cannot be read, lie outside the source's own folder or are too large to be a
  /// tokenizer's stay behind.
  static func beside(_ inspection: Inspection) -> (files: [CarriedFile], findings: [Finding]) {
    guard let weights = inspection.archive.files.first?.path,
      let folder = try? ModelFolder(of: weights)
    else { return ([], []) }
    var found: [CarriedFile] = []
    var findings: [Finding] = []
    // What a KerasHub preset keeps under the name of Hugging Face's tokenizer is a layer's config.
    let places = inspection.upstream == "keras-hub" ? places.filter { $0.0 != $0.1 } : places
    for (place, name) in places where !found.contains(where: { $0.name == name }) {
      // A link that leads nowhere is there as well.
      let path = weights.removingLastComponent().appending(place)
      guard (try? path.stat(followTargetSymlink: false)) != nil else { continue }
      do throws(FileError) {
        let file = try SourceFile(try folder.file(named: place, "the tokenizer"))
        guard file.size <= largestSize else {
          throw FileError(
            file.path.string,
            .limit(of: "the size of a tokenizer's file", value: file.size, most: largestSize))
        }
        found.append(CarriedFile(name: name, file: file))
      } catch {
        findings.append(
          Finding(
            .warning, code: "tokenizer-unusable",
            "the tokenizer's file '\(place)' stays behind: \(error.message); \(error.remedy)"))
      }
    }
    return (found, findings)
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

extension ExportPlan {
  /// A note of tokenizer files that are there and that the output does not take along.
  var leftBehind: [Finding] {
    var copied: Set<FilePath> = []
    for file in (try? format.type.files(model)) ?? [] {
      if case .copy(let source) = file.content { copied.insert(source.path) }
    }
    let names = carried.filter { !copied.contains($0.file.path) }
      .compactMap { $0.file.path.lastComponent?.string }
    guard !names.isEmpty else { return carryingFindings }
    let reason = isFolder ? "has no place for" : "is one file, which has no place for"
    return carryingFindings + [
      Finding(
        .note, code: "tokenizer-left-behind",
        "the output \(reason) the tokenizer's \(names.joined(separator: ", ")): copy it along to "
          + "turn text into ids")
    ]
  }
}
