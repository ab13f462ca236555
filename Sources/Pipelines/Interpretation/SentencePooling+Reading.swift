internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertJSON
internal import AlbertReading

extension SentencePooling {
  /// How sentence-transformers pools by its files; nil where they do not say.
  ///
  /// A module behind the pooling that is not applied, such as a dense layer, is reported.
  static func read(_ files: PoolingFiles) throws(FileError) -> (SentencePooling?, [Finding]) {
    guard files.contents[PoolingFiles.list] != nil else {
      return (try read(PoolingFiles.config, of: files), [])
    }
    var pooling: SentencePooling?
    var findings: [Finding] = []
    for module in try files.modules() {
      switch module.kind {
      case "Transformer": continue
      case "Pooling": pooling = try read(module.config, of: files)
      case "Normalize": pooling?.normalizes = true
      default:
        findings.append(
          Finding(
            .warning, code: "pooling-module",
            "the vector of a text is that of the pooling alone; sentence-transformers' module "
              + "'\(module.kind)' behind it is not applied"))
      }
    }
    return (pooling, findings)
  }

  private static func read(
    _ name: String, of files: PoolingFiles
  ) throws(FileError) -> SentencePooling? {
    guard let bytes = files.contents[name] else { return nil }
    let path = "\(files.path)/\(name)"
    let document = try JSONValue.parse(bytes, path: path)
    // The last-token mode stands last in sentence-transformers' order, too.
    var modes = Mode.allCases.filter { document[$0.rawValue]?.bool == true }
    // Later versions have one word instead.
    if modes.isEmpty, let word = document["pooling_mode"]?.string, let mode = Mode(word: word) {
      modes = [mode]
    }
    guard !modes.isEmpty else {
      throw FileError(
        path, .malformed("no pooling mode that is known is set to true"),
        remedy: "set pooling_mode_mean_tokens, or the mode that the model was trained with")
    }
    return SentencePooling(modes: modes, normalizes: false)
  }
}

extension SentencePooling.Mode {
  /// The mode of the single word that sentence-transformers has for it.
  fileprivate init?(word: String) {
    switch word {
    case "cls": self = .firstToken
    case "max": self = .max
    case "mean": self = .mean
    case "mean_sqrt_len_tokens": self = .meanOverSquareRoot
    case "weightedmean": self = .weightedMean
    case "lasttoken": self = .lastToken
    default: return nil
    }
  }
}
