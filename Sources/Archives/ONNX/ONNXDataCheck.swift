internal import AlbertBytes
internal import AlbertJSON
internal import Synchronization

/// What a model states of the file beside it that holds its tensors' data, so that another file of the
/// same name is noticed: its name, its length and its XXH3 digest.
struct ONNXDataStatement: Equatable, Sendable {
  let location: String
  let length: Int
  let digest: XXH3Digest

  /// The key in the model's metadata.
  static let key = "albert.data"

  /// The statement as text.
  var text: String {
    JSONValue.object([
      JSONMember("location", .string(location)),
      JSONMember("length", .integer(Int64(length))),
      JSONMember("xxh3_128", .string(digest.description)),
    ]).text()
  }

  init(location: String, length: Int, digest: XXH3Digest) {
    self.location = location
    self.length = length
    self.digest = digest
  }

  /// Reads the statement in a model's metadata; nil where there is none.
  init?(_ metadata: [String: String], path: String) throws(FileError) {
    guard let text = metadata[Self.key] else { return nil }
    let value = try JSONValue.parse(Array(text.utf8), path: path)
    guard let location = value["location"]?.string, let length = value["length"]?.integer,
      let digest = value["xxh3_128"]?.string.flatMap(XXH3Digest.init(hexadecimal:))
    else {
      throw FileError(
        path, .malformed("the metadata '\(Self.key)' states no location, length and xxh3_128"))
    }
    self.init(location: location, length: length, digest: digest)
  }
}

/// Holds a file of data against what the model states of it: its length at once, its digest when the
/// first of its bytes are wanted.
final class ONNXDataCheck: Sendable {
  private let file: SourceFile
  private let statement: ONNXDataStatement
  private let model: String
  private let isDone = Mutex(false)

  /// Throws where the length is another one.
  init(
    _ file: SourceFile, _ statement: ONNXDataStatement, of model: String
  ) throws(FileError) {
    self.file = file
    self.statement = statement
    self.model = model
    guard file.size == statement.length else {
      throw FileError(
        file.path.string,
        .mismatch(
          of: "the length of the data that '\(model)' takes", expected: "\(statement.length) bytes",
          found: "\(file.size) bytes"), remedy: Self.remedy)
    }
  }

  /// Reads the whole file, the first time.
  ///
  /// Throws where the digest is another one.
  func run() throws(FileError) {
    try isDone.withLock { (isDone) throws(FileError) in
      if isDone { return }
      let digest = try file.digest()
      guard digest == statement.digest else {
        throw FileError(
          file.path.string,
          .checksum(
            of: "the data that '\(model)' takes", expected: statement.digest.description,
            found: digest.description), remedy: Self.remedy)
      }
      isDone = true
    }
  }

  private static let remedy: Remedy =
    "the file was damaged or belongs to another model: copy both again, or convert again"
}
