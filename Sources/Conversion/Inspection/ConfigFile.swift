internal import Albert
internal import Archives
public import Bytes
internal import JSON
public import SystemPackage
public import Upstreams

/// A config file that was found and read.
public struct ConfigFile: Sendable {
  /// The open file, for the provenance.
  public let file: SourceFile
  /// What it says.
  public let config: PartialConfig
  /// The dialect that it is written in.
  public let dialect: String

  /// Bytes of the largest config that is read; id2label of a large head included.
  static let largestSize = 16 << 20

  /// Reads the config that the user named.
  ///
  /// Throws where it is no ALBERT config.
  public static func named(_ path: FilePath) throws(FileError) -> ConfigFile {
    let file = try SourceFile(path)
    let json = try parse(file)
    guard let dialect = ConfigDialects.dialect(of: json) else { throw notAlbert(file, json) }
    return ConfigFile(file: file, config: dialect.read(json), dialect: dialect.title)
  }

  /// Looks for a config in `folder`, by its name first and by its content then.
  ///
  /// A `config.json` of another kind of model is an error: it belongs to the weights and they to it.
  public static func beside(_ folder: FilePath) throws(FileError) -> ConfigFile? {
    let names = try Folder.names(in: folder)
    for name in usualNames where names.contains(name) {
      let file = try SourceFile(folder.appending(name))
      let json = try parse(file)
      if let dialect = ConfigDialects.dialect(of: json) {
        return ConfigFile(file: file, config: dialect.read(json), dialect: dialect.title)
      }
      if json["model_type"] != nil { throw notAlbert(file, json) }
    }
    for name in names
    where name.hasSuffix(".json") && name.contains("config") && !usualNames.contains(name) {
      // Other tools' configs lie here too; one that does not parse is none of ours.
      if let found = try? any(folder.appending(name)) { return found }
    }
    return nil
  }

  /// A config in `folder` under a usual name; nil for one of another kind of model.
  static func usual(in folder: FilePath) throws(FileError) -> ConfigFile? {
    for name in usualNames where (try? folder.appending(name).stat()) != nil {
      if let found = try any(folder.appending(name)) { return found }
    }
    return nil
  }

  /// What the `config.json` in `folder` says its model is, of whatever kind.
  static func modelType(in folder: FilePath) throws(FileError) -> String? {
    try parse(SourceFile(folder.appending(usualNames[0])))["model_type"]?.string
  }

  private static let usualNames = ["config.json", "albert_config.json"]

  private static func any(_ path: FilePath) throws(FileError) -> ConfigFile? {
    let file = try SourceFile(path)
    let json = try parse(file)
    guard let dialect = ConfigDialects.dialect(of: json) else { return nil }
    return ConfigFile(file: file, config: dialect.read(json), dialect: dialect.title)
  }

  private static func parse(_ file: SourceFile) throws(FileError) -> JSONValue {
    guard file.size <= largestSize else {
      throw FileError(
        file.path.string,
        .limit(of: "the config's size in bytes", value: file.size, most: largestSize))
    }
    return try JSONValue.parse(
      try file.bytes(at: 0, count: file.size, what: "the config"), path: file.path.string)
  }

  private static func notAlbert(_ file: SourceFile, _ json: JSONValue) -> FileError {
    let found = json["model_type"]?.string.map { "model_type '\($0)'" } ?? "no ALBERT config"
    return FileError(
      file.path.string,
      .rejected(code: "not-albert-config", message: "expected an ALBERT config, found \(found)"),
      remedy: "use a tool for that kind of model, or name ALBERT's own config with --config")
  }
}
