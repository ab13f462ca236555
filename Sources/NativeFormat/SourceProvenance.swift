internal import AlbertJSON

/// Where a native file's numbers come from; no path and no time, so that equal sources give equal bytes.
package struct SourceProvenance: Equatable, Sendable {
  /// One file of the source.
  package struct File: Equatable, Sendable {
    /// Its name without folder.
    package let name: String
    /// Its size in bytes.
    package let size: Int
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    package let sha256: String

    /// States a file.
    package init(name: String, size: Int, sha256: String) {
      self.name = name
      self.size = size
      self.sha256 = sha256
    }
  }

  /// The container, such as `tensorflow-checkpoint`.
  package let format: String
  /// The publisher, such as `google-tf1`.
  package let upstream: String
  /// Its files, in the order in which they were read.
  package let files: [File]

  /// States a source.
  package init(format: String, upstream: String, files: [File]) {
    self.format = format
    self.upstream = upstream
    self.files = files
  }

  /// The same files with their SHA-256; as they are where none is given.
  func with(_ digests: [String]) -> SourceProvenance {
    guard !digests.isEmpty else { return self }
    return SourceProvenance(
      format: format, upstream: upstream,
      files: zip(files, digests).map { File(name: $0.name, size: $0.size, sha256: $1) })
  }

  /// The value as JSON.
  var json: JSONValue {
    .object([
      JSONMember("format", .string(format)),
      JSONMember("upstream", .string(upstream)),
      JSONMember(
        "files",
        .array(
          files.map {
            .object([
              JSONMember("name", .string($0.name)),
              JSONMember("size", .integer(Int64($0.size))),
              JSONMember("sha256", .string($0.sha256)),
            ])
          })),
    ])
  }

  /// Reads what `json` wrote; nil for anything else.
  init?(_ json: JSONValue) {
    guard let format = json["format"]?.string, let upstream = json["upstream"]?.string,
      let elements = json["files"]?.elements
    else { return nil }
    var files: [File] = []
    for element in elements {
      guard let name = element["name"]?.string, let size = element["size"]?.integer,
        let sha256 = element["sha256"]?.string, sha256.utf8.count == 64
      else { return nil }
      files.append(File(name: name, size: size, sha256: sha256))
    }
    self.init(format: format, upstream: upstream, files: files)
  }
}
