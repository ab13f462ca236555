internal import AlbertArchives
package import AlbertBytes
package import AlbertJSON
internal import AlbertNativeFormat
internal import AlbertTokenizers
internal import SystemPackage

/// The files by which sentence-transformers says how a text's vector is made of a model's hidden
/// states: the list of modules, and the pooling's own config.
package struct PoolingFiles: Sendable {
  /// The files' bytes, by their names in a folder whose weights lie beside the list.
  package private(set) var contents: [String: [UInt8]] = [:]
  /// What errors name: the folder, or the file that carries them.
  package let path: String

  /// The list of modules.
  package static let list = "modules.json"
  /// Where a pooling's config usually is, whether or not there is a list.
  package static let config = "1_Pooling/config.json"
  /// How texts become inputs.
  package static let inputs = "sentence_bert_config.json"
  /// What is done to texts and vectors by itself.
  package static let model = "config_sentence_transformers.json"
  private static let settings = [inputs, model]

  /// One entry of the list.
  package struct Module: Equatable, Sendable {
    /// The last part of its class's name, such as `Pooling`.
    package let kind: String
    /// Its folder; empty for the list's own.
    package let path: String

    /// The name of its config.
    package var config: String { (path.isEmpty ? "" : path + "/") + "config.json" }

    /// Whether it may have weights beside the model's: it is none of those that have none.
    package var hasWeights: Bool {
      !["Transformer", "Pooling", "Normalize", "Dropout"].contains(kind)
    }
  }

  /// The modules in their order; none where there is no list.
  package func modules() throws(FileError) -> [Module] {
    guard let bytes = contents[Self.list] else { return [] }
    let value = try JSONValue.parse(bytes, path: "\(path)/\(Self.list)")
    return (value.elements ?? []).map(Module.init)
  }

  /// One of the two settings' files; nil where there is none.
  package func settings(_ name: String) throws(FileError) -> JSONValue? {
    try contents[name].map { (bytes) throws(FileError) in
      try JSONValue.parse(bytes, path: "\(path)/\(name)", clampsIntegers: true)
    }
  }

  /// Reads what a native file's header carries.
  init(embedded text: String, path: String) throws(FileError) {
    self.path = path
    let files = try EmbeddedFiles.read(
      text, of: NativeProfile.Key.pooling.rawValue, path: path, isKnown: Self.isKnown)
    for (name, bytes) in files { contents[name] = bytes }
  }

  /// Whether a file may have the name: one of those above, or a config in a folder of its own.
  private static func isKnown(_ name: String) -> Bool {
    if name == list || settings.contains(name) { return true }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1] == "config.json"
      && !parts[0].isEmpty
      && parts[0].utf8.allSatisfy { byte in
        byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
          || (byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter)
          || (byte < 0x80 && Character(Unicode.Scalar(byte)).isNumber)
      }
  }

  /// The files beside the weights at a path; none where there are none.
  ///
  /// The weights lie in the list's folder, or in that of its first module.
  init(beside weights: FilePath) throws(FileError) {
    let folder = weights.removingLastComponent().orCurrentFolder
    path = folder.string
    for base in [folder, folder.appending("..")] {
      guard let bytes = try Self.bytes(Self.list, in: base) else { continue }
      try take(bytes, base, of: folder)
      return
    }
    contents[Self.config] = try Self.bytes(Self.config, in: folder)
    try takeSettings([folder])
  }

  /// Takes what the list in `base` names, where the weights of `folder` are its first module.
  private mutating func take(
    _ list: [UInt8], _ base: FilePath, of folder: FilePath
  ) throws(FileError) {
    let listPath = base.appending(Self.list).string
    var elements = try JSONValue.parse(list, path: listPath).elements ?? []
    let transformer = elements.firstIndex { Module($0).kind == "Transformer" }
    if base == folder {
      contents[Self.list] = list
    } else {
      // A list one level higher is this model's only where it names the weights' folder.
      guard let transformer, let name = folder.resolved?.lastComponent?.string,
        Module(elements[transformer]).path == name
      else { return }
      elements[transformer] = elements[transformer].replacing("path", with: .string(""))
      contents[Self.list] = Array((JSONValue.array(elements).text(pretty: true) + "\n").utf8)
    }
    for module in elements.map(Module.init) where module.kind == "Pooling" {
      guard Self.isKnown(module.config) else {
        throw FileError(
          listPath, .malformed("the module's folder '\(module.path)' is no plain name"),
          remedy: "rename the folder, such as to 1_Pooling")
      }
      guard let config = try Self.bytes(module.config, in: base) else {
        throw FileError(
          listPath, .missing("'\(module.config)', which holds how a text's vector is made,"),
          remedy: "put that file beside it")
      }
      contents[module.config] = config
    }
    try takeSettings([folder, base])
  }

  private mutating func takeSettings(_ folders: [FilePath]) throws(FileError) {
    guard !contents.isEmpty else { return }
    for name in Self.settings {
      for folder in folders where contents[name] == nil {
        contents[name] = try Self.bytes(name, in: folder)
      }
    }
  }

  /// The largest such file; they have a few lines.
  private static let largestFile = 1 << 20

  /// A file in a folder, which it may not lead out of; nil where there is none.
  private static func bytes(_ name: String, in folder: FilePath) throws(FileError) -> [UInt8]? {
    guard try folder.appending(name).found(followingLinks: false) != nil else { return nil }
    let root = try ModelFolder(of: folder.appending(list))
    let file = try SourceFile(try root.file(named: name, "how a text's vector is made"))
    try FileError.limit(
      file.size, "the size of a module's config", most: largestFile, in: file.path.string)
    return try file.bytes(at: 0, count: file.size)
  }
}

extension PoolingFiles.Module {
  fileprivate init(_ value: JSONValue) {
    let type = value["type"]?.string ?? ""
    kind = type.split(separator: ".").last.map(String.init) ?? type
    path = value["path"]?.string ?? ""
  }
}

extension JSONValue {
  /// The object with another value under a key that it has.
  fileprivate func replacing(_ key: String, with value: JSONValue) -> JSONValue {
    .object((members ?? []).map { $0.key == key ? JSONMember(key, value) : $0 })
  }
}

extension Inspection {
  /// The files that say how a text's vector is made: those that the file itself carries, else those
  /// beside it.
  package func poolingFiles() throws(FileError) -> PoolingFiles {
    if let text = archive.metadata[NativeProfile.Key.pooling.rawValue] {
      return try PoolingFiles(embedded: text, path: path.string)
    }
    return try PoolingFiles(beside: archive.files.first?.path ?? path)
  }
}
