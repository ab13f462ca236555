internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertBytes
internal import AlbertJSON
internal import SystemPackage

extension SentencePooling {
  /// How sentence-transformers pools the model whose weights are in the file at `weights`: as the
  /// configs beside it say, or nil where there are none.
  ///
  /// A module behind the pooling that is not applied, such as a dense layer, is reported.
  static func beside(_ weights: FilePath) throws(FileError) -> (SentencePooling?, [Finding]) {
    let folder = weights.removingLastComponent()
    // The weights lie in the model's folder, or in its first module's.
    for base in [folder, folder.appending("..")] {
      let list = base.appending("modules.json")
      if list.exists {
        return try read(modules(in: list), in: base, weights: folder, path: list)
      }
    }
    let config = folder.appending("1_Pooling").appending("config.json")
    guard config.exists else { return (nil, []) }
    return (try read(config), [])
  }

  /// One entry of sentence-transformers' `modules.json`.
  private struct Module {
    let kind: String
    let path: String
  }

  private static func modules(in list: FilePath) throws(FileError) -> [Module] {
    let elements = try document(list).elements ?? []
    return elements.map { element in
      let type = element["type"]?.string ?? ""
      return Module(
        kind: type.split(separator: ".").last.map(String.init) ?? type,
        path: element["path"]?.string ?? "")
    }
  }

  private static func read(
    _ modules: [Module], in base: FilePath, weights: FilePath, path: FilePath
  ) throws(FileError) -> (SentencePooling?, [Finding]) {
    // A list one level higher is this model's only where it names the weights' folder.
    if base != weights {
      let transformer = modules.first { $0.kind == "Transformer" }?.path
      guard let transformer, transformer == weights.lastComponent?.string else { return (nil, []) }
    }
    let folder = try ModelFolder(of: path)
    var pooling: SentencePooling?
    var findings: [Finding] = []
    for module in modules {
      switch module.kind {
      case "Transformer": continue
      case "Pooling":
        let name = (module.path.isEmpty ? "" : module.path + "/") + "config.json"
        pooling = try read(try folder.file(named: name, "how a text's vector is made"))
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

  private static func read(_ config: FilePath) throws(FileError) -> SentencePooling {
    let document = try document(config)
    // The last-token mode stands last in sentence-transformers' order, too.
    var modes = Mode.allCases.filter { document[$0.rawValue]?.bool == true }
    // Later versions have one word instead.
    if modes.isEmpty, let word = document["pooling_mode"]?.string, let mode = Mode(word: word) {
      modes = [mode]
    }
    guard !modes.isEmpty else {
      throw FileError(
        config.string, .malformed("no pooling mode that is known is set to true"),
        remedy: "set pooling_mode_mean_tokens, or the mode that the model was trained with")
    }
    return SentencePooling(modes: modes, normalizes: false)
  }

  private static func document(_ path: FilePath) throws(FileError) -> JSONValue {
    try JSONValue.parse(try SourceFile(path))
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

extension FilePath {
  /// Whether something stands at the path.
  fileprivate var exists: Bool { (try? stat()) != nil }
}
