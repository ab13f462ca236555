internal import AlbertArchitecture
internal import AlbertArchives
package import AlbertBytes
internal import AlbertJSON
package import SystemPackage
package import AlbertUpstreams

/// A config file that was found and read.
package struct ConfigFile: Sendable {
  /// The open file, for the provenance.
  package let file: SourceFile
  /// What it says.
  package private(set) var config: PartialConfig
  /// The dialect that it is written in.
  package let dialect: String

  /// Whether nothing in it tells that it is an ALBERT's and not a BERT's.
  private let mayBeBERTs: Bool

  /// Bytes of the largest config that is read; id2label of a large head included.
  static let largestSize = 16 << 20

  /// Reads the config that the user named, as one of weights of `upstream`.
  ///
  /// Throws where it is not an ALBERT config; `isAlone` says that it belongs to no weights, so that no other one
  /// helps.
  package static func named(
    _ path: FilePath, for upstream: (any Upstream.Type)? = nil, isAlone: Bool = false
  ) throws(FileError) -> ConfigFile {
    let file = try SourceFile(path)
    let json = try parse(file)
    guard let found = ConfigFile(file, json, upstream) else {
      throw notAlbert(file, json, isAlone: isAlone)
    }
    return found
  }

  /// What `json` says of weights of `upstream`; nil for no ALBERT config.
  private init?(_ file: SourceFile, _ json: JSONValue, _ upstream: (any Upstream.Type)?) {
    guard let (dialect, config) = ConfigDialects.read(json, for: upstream) else { return nil }
    self.file = file
    self.config = config
    self.dialect = dialect.title
    mayBeBERTs = ConfigDialects.mayBeBERTs(json)
  }

  /// Looks for a config in `folder`, by its name first and by its content then.
  ///
  /// A `config.json` of another kind of model is an error: it belongs to the weights and they to it.
  package static func beside(
    _ folder: FilePath, for upstream: (any Upstream.Type)? = nil
  ) throws(FileError) -> ConfigFile? {
    let names = try Folder.names(in: folder)
    for name in usualNames where names.contains(name) {
      let file = try SourceFile(folder.appending(name))
      let json = try parse(file)
      if let found = ConfigFile(file, json, upstream) {
        return try found.compared(
          withOthers: usualNames.filter { $0 != name && names.contains($0) }, in: folder, upstream)
      }
      if json["model_type"] != nil { throw notAlbert(file, json) }
    }
    let others = names.filter { name in
      name.string.contains("config") && !usualNames.contains(name)
        && endings.contains(where: name.string.hasSuffix)
    }
    for (index, name) in others.enumerated() {
      // Other tools' configs lie here too; one that does not parse, or that may be a BERT's, is none
      // of ours.
      if let found = try readable(folder.appending(name), upstream) {
        return try found.compared(withOthers: Array(others[(index + 1)...]), in: folder, upstream)
      }
    }
    return nil
  }

  /// The same with a warning where another config in the folder says otherwise, since this one was
  /// taken for nothing but its name.
  private func compared(
    withOthers names: [FilePath.Component], in folder: FilePath, _ upstream: (any Upstream.Type)?
  ) throws(FileError) -> ConfigFile {
    var result = self
    for name in names {
      guard let other = try Self.readable(folder.appending(name), upstream) else { continue }
      let differing = config.differences(from: other.config)
      guard !differing.isEmpty else { continue }
      result.config.findings.add(
        .warning, code: "config-ambiguous",
        "'\(file.name)' was read, and '\(name.string)' beside it says otherwise: "
          + differing.joined(separator: ", "), remedy: "name the right one with \(.config)")
    }
    return result
  }

  /// The same with a warning where the config that the checkpoint carries says otherwise.
  package func compared(withCarried other: PartialConfig) -> ConfigFile {
    var result = self
    let differing = config.differences(from: other)
    if !differing.isEmpty {
      result.config.findings.add(
        .warning, code: "config-ambiguous",
        "'\(file.name)' was read, and the config in the checkpoint itself says otherwise: "
          + differing.joined(separator: ", "),
        remedy: "correct '\(file.name)', or name the right one with \(.config)")
    }
    return result
  }

  /// A config in `folder` under a usual name; nil for one of another kind of model.
  static func usual(
    in folder: FilePath, for upstream: (any Upstream.Type)?
  ) throws(FileError) -> ConfigFile? {
    for name in usualNames where try folder.appending(name).found() != nil {
      if let found = try any(folder.appending(name), upstream) { return found }
    }
    return nil
  }

  /// What the `config.json` in `folder` says its model is, of whatever kind.
  static func modelType(in folder: FilePath) throws(FileError) -> String? {
    try parse(SourceFile(folder.appending(usualNames[0])))["model_type"]?.string
  }

  private static let usualNames: [FilePath.Component] = ["config.json", "albert_config.json"]

  private static func any(
    _ path: FilePath, _ upstream: (any Upstream.Type)?
  ) throws(FileError) -> ConfigFile? {
    let file = try SourceFile(path)
    return ConfigFile(file, try parse(file), upstream)
  }

  /// The same of a file that may be another tool's; nil for one that does not parse, or may be a BERT's.
  private static func readable(
    _ path: FilePath, _ upstream: (any Upstream.Type)?
  ) throws(FileError) -> ConfigFile? {
    let read = try FileError.ifReadable { () throws(FileError) in try any(path, upstream) }
    guard let found = read ?? nil, !found.mayBeBERTs else { return nil }
    return found
  }

  private static func parse(_ file: SourceFile) throws(FileError) -> JSONValue {
    try FileError.limit(
      file.size, "the config's size in bytes", most: largestSize, in: file.path.string)
    let bytes = try file.bytes(at: 0, count: file.size, what: "the config")
    do throws(FileError) {
      return yamlEndings.contains(where: file.name.hasSuffix)
        ? try YAMLSubset.parse(bytes, path: file.path.string)
        : try JSONValue.parse(bytes, path: file.path.string)
    } catch {
      // A pointer, a page or a server's answer stands in many a config's place.
      throw ArchiveRegistry.plainError(of: file.path, inPlaceOf: "config") ?? error
    }
  }

  /// What the names of configs end in.
  package static let endings = [".json"] + yamlEndings
  private static let yamlEndings = [".yml", ".yaml"]

  private static func notAlbert(
    _ file: SourceFile, _ json: JSONValue, isAlone: Bool = false
  ) -> FileError {
    let type = json["model_type"]?.string
    if type == nil, let foreign = ArchiveRegistry.foreignError(of: file) { return foreign }
    if type == nil, json["added_tokens"] != nil || json["tokenizer_class"] != nil {
      return FileError(
        file.path.string,
        .rejected(
          code: "not-albert-config", message: "expected an ALBERT config, found a tokenizer's file"),
        remedy: "name the model's folder, or its own config")
    }
    let mayBeBERTs = ConfigDialects.mayBeBERTs(json)
    let isAnswer = json["error"] != nil && (json.members?.count ?? 0) <= 3
    let found =
      type.map { "model_type '\($0)'" }
      ?? (isAnswer
        ? "the error message of a server"
        : mayBeBERTs
          ? "one that may be a BERT's, with no key that a BERT's lacks, such as embedding_size"
          : "no ALBERT config")
    return FileError(
      file.path.string,
      .rejected(code: "not-albert-config", message: "expected an ALBERT config, found \(found)"),
      remedy: (mayBeBERTs
        ? "state embedding_size in it if it is an ALBERT's" : "use a tool for that kind of model")
        + (isAlone ? "" : ", or name ALBERT's own config with \(.config)"))
  }
}
