internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertJSON
internal import AlbertReading

extension SentencePooling {
  /// How sentence-transformers pools by its files; nil where they do not say.
  ///
  /// `usual` is the most tokens that the tokenizer's config allows for. A module behind the pooling that is
  /// not applied, such as a dense layer, is reported, and what the library does to texts and vectors.
  static func read(
    _ files: PoolingFiles, usual: Int?
  ) throws(FileError) -> (SentencePooling?, [Finding]) {
    let longest = try files.settings(PoolingFiles.inputs)?["max_seq_length"]?.integer
    guard files.contents[PoolingFiles.list] != nil else {
      var pooling = try read(PoolingFiles.config, of: files)
      pooling?.longestInput = longest
      return (pooling, [])
    }
    var pooling: SentencePooling?
    var findings = try unapplied(files)
    for module in try files.modules() {
      switch module.kind {
      case "Transformer": continue
      case "Pooling": pooling = try read(module.config, of: files)
      case "Normalize": pooling?.normalizes = true
      default:
        findings.add(
          .warning, code: "pooling-module",
          "the vector of a text is that of the pooling alone; sentence-transformers' module "
            + "'\(module.kind)' behind it is not applied")
      }
    }
    pooling?.longestInput = longest ?? usual
    return (pooling, findings)
  }

  /// What the library does by itself before a text is read and after its vector is made.
  private static func unapplied(_ files: PoolingFiles) throws(FileError) -> [Finding] {
    guard let settings = try files.settings(PoolingFiles.model) else { return [] }
    var findings: [Finding] = []
    if let name = settings["default_prompt_name"]?.string,
      let prompt = settings["prompts"]?[name]?.string, !prompt.isEmpty
    {
      findings.add(
        .warning, code: "prompt-not-applied",
        "sentence-transformers begins each text with the prompt '\(prompt)' ('\(name)'), which is not "
          + "done here", remedy: "write it before the text")
    }
    if let width = settings["truncate_dim"]?.integer {
      findings.add(
        .warning, code: "vector-not-cut",
        "sentence-transformers keeps the first \(width) numbers of a vector; all of them are shown")
    }
    return findings
  }

  private static func read(
    _ name: String, of files: PoolingFiles
  ) throws(FileError) -> SentencePooling? {
    guard let bytes = files.contents[name] else { return nil }
    let path = "\(files.path)/\(name)"
    let document = try JSONValue.parse(bytes, path: path)
    // The last-token mode stands last in sentence-transformers' order, too.
    var modes = Mode.allCases.filter { document[$0.rawValue]?.bool == true }
    // Later versions have one word instead, or several, in the order of their vectors.
    if let stated = document["pooling_mode"] {
      let words = stated.elements ?? [stated]
      modes = words.compactMap { $0.string.flatMap(Mode.init(word:)) }
      if modes.count < words.count { modes = [] }
    }
    guard !modes.isEmpty else {
      throw FileError(
        path, .malformed("it states no pooling mode that is known"),
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
