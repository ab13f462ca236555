internal import AlbertBytes
internal import AlbertPlatform
internal import SystemPackage

/// The local cache of the Hugging Face Hub, and what to say of models that are not in it.
///
/// Nothing is ever downloaded here.
enum HubCache {
  /// The folder of the model that `path` names as the Hub does, if the cache has it.
  static func folder(of path: FilePath) -> FilePath? {
    guard let id = identifier(path), let root else { return nil }
    let folder = root.appending("models--" + id.joined(separator: "--"))
    return folder.isFolder ? folder : nil
  }

  /// The error for an address or a model's name that nothing local stands for.
  static func absent(_ path: FilePath) -> FileError {
    let text = path.string
    if let colon = text.firstRange(of: ":/"), isScheme(text[..<colon.lowerBound]) {
      let rest = text[colon.upperBound...].drop { $0 == "/" }
      // A path keeps one slash of two.
      return FileError(
        "\(text[..<colon.lowerBound])://\(rest)",
        .rejected(
          code: "not-downloaded",
          message: text.hasPrefix("file:")
            ? "this is an address, and files are named by their paths here"
            : "this is an address on the network, and nothing is downloaded here"),
        remedy: remedy(scheme: text[..<colon.lowerBound], rest))
    }
    // Old models' names have no organisation: albert-base-v2.
    guard let id = identifier(path), id.count == 2 || (text.contains("-") && !text.contains("."))
    else { return FileError(absent: path) }
    return FileError(
      absent: path,
      remedy: "check the path; if a model of the Hugging Face Hub is meant, it is not in the local "
        + "cache, and nothing is downloaded here: run 'hf download \(id.joined(separator: "/"))', "
        + "then name it again")
  }

  /// The command that brings the model of a cache's folder, `models--org--name`; nil for another folder.
  static func download(_ folder: FilePath) -> Remedy? {
    guard let name = folder.lastComponent?.string, name.hasPrefix("models--") else { return nil }
    let id = name.dropFirst("models--".count).split(separator: "--").map(String.init)
    guard let path = FilePath(id.joined(separator: "/")) as FilePath?, identifier(path) != nil
    else {
      return nil
    }
    return "run 'hf download \(path)'"
  }

  private static func isScheme(_ text: Substring) -> Bool {
    text.count > 1 && text.first?.isLetter == true
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
  }

  /// The command that downloads an address, and what to name then.
  private static func remedy(scheme: Substring, _ rest: Substring) -> Remedy {
    let address = "\(scheme)://\(rest)".filter { $0 != "'" }
    switch scheme {
    case "http", "https", "hf": break
    case "file": return "name /\(rest)"
    case "s3": return "run \"aws s3 cp --recursive '\(address)' model\", then name what it copied"
    case "gs": return "run \"gcloud storage cp -r '\(address)' .\", then name what it copied"
    default: return "copy it to this machine, then name the copy"
    }
    var parts = rest.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").map(String.init)
    if scheme != "hf" {
      guard let host = parts.first,
        ["huggingface.co", "www.huggingface.co", "hf.co"].contains(host)
      else {
        if parts.first == "tfhub.dev" {
          return
            "run \"curl -L '\(address)?tf-hub-format=compressed' -o module.tar.gz\", then name that "
            + "file"
        }
        return "run \"curl -LO '\(address)'\", then name the file"
      }
      parts.removeFirst()
    }
    let id = parts.prefix(2)
    guard let path = FilePath(id.joined(separator: "/")) as FilePath?, identifier(path) != nil
    else {
      return "run 'hf download' with the model's name, org/name, then name it so"
    }
    // https://huggingface.co/org/name/resolve/main/file
    let isFile = parts.count > 4 && ["resolve", "blob", "raw"].contains(parts[2])
    let file = isFile ? parts[4...].joined(separator: "/") : ""
    let isPlain = file.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "._-/".contains($0))
    }
    return
      "run 'hf download \(path)\(file.isEmpty || !isPlain ? "" : " " + file)', then name \(path)"
  }

  /// The parts of a name as the Hub has them, `org/name` or an old `name`; nil for other paths.
  private static func identifier(_ path: FilePath) -> [String]? {
    let parts = path.components.map(\.string)
    guard path.isRelative, (1...2).contains(parts.count) else { return nil }
    let isName = parts.allSatisfy { part in
      part.count <= 96 && part.first.map { $0.isLetter || $0.isNumber || $0 == "_" } == true
        && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        && !part.contains("--") && !part.contains("..")
    }
    return isName ? parts : nil
  }

  /// Where the Hub's own library keeps its cache.
  private static var root: FilePath? {
    if let cache = variable("HF_HUB_CACHE") ?? variable("HUGGINGFACE_HUB_CACHE") { return cache }
    if let home = variable("HF_HOME") { return home.appending("hub") }
    let cache = variable("XDG_CACHE_HOME") ?? variable("HOME")?.appending(".cache")
    return cache?.pushing("huggingface/hub")
  }

  /// The path that a variable of the environment holds; nil where it is not set.
  private static func variable(_ name: String) -> FilePath? {
    guard let value = unsafe getenv(name) else { return nil }
    let path = unsafe FilePath(platformString: value)
    return path.isEmpty ? nil : path
  }
}
