internal import AlbertBytes
internal import Synchronization
internal import SystemPackage
internal import AlbertTensors

/// `.keras` archives of Keras 3: a zip file of a config and one HDF5 file, stored as it is.
enum KerasFormat: ArchiveFormat {
  static let name = "keras"
  static let folderRules = [FolderRule(.ending(".keras"), .keras)]

  private static let weights = "model.weights.h5"
  /// What describes the model, handed on as text.
  private static let texts = ["metadata.json", "config.json"]
  private static let largestText = 16 << 20

  static func claims(_ file: SourceFile, head: [UInt8]) throws(FileError) -> Bool {
    // Keras writes its config first; other archives have other members.
    guard ZipFile.isZip(head),
      let zip = try FileError.ifReadable({ () throws(FileError) in try ZipFile(file) })
    else { return false }
    return zip[weights] != nil || (zip["metadata.json"] != nil && zip["config.json"] != nil)
  }

  static func open(
    _ path: FilePath, _ options: ArchiveOptions
  ) throws(FileError) -> any TensorArchive {
    let zip = try ZipFile(try SourceFile(path))
    guard let member = zip[weights] else {
      throw FileError(
        path.string, .missing("the member '\(weights)' of the Keras archive"),
        remedy: "save the model again with Keras' own save()")
    }
    guard member.method == .stored else {
      throw FileError(
        path.string, .unsupported("the compressed member '\(weights)' of the Keras archive"),
        remedy: PackedModel.unzipping(path))
    }
    var metadata: [String: String] = [:]
    for name in texts {
      guard let text = zip[name] else { continue }
      let bytes = try zip.bytes(of: text, most: largestText)
      guard let content = String(validating: bytes, as: UTF8.self) else {
        throw FileError(
          path.string, .malformed("the member '\(name)' is not valid UTF-8"),
          offset: text.range.lowerBound)
      }
      metadata[name] = content
    }
    let parts = try HDF5File.open([HDF5Window(zip.file, member.range)], options).map {
      HDF5Archive.Part(file: $0)
    }
    return KerasArchive(
      content: try HDF5Archive(parts, format: name, metadata: metadata), zip: zip, member: member)
  }
}

/// An HDF5 file within a zip file, which states a checksum of it.
final class KerasArchive: TensorArchive {
  private let content: HDF5Archive
  private let zip: ZipFile
  private let member: ZipMember
  private let isUnchecked = Atomic(false)

  init(content: HDF5Archive, zip: ZipFile, member: ZipMember) {
    self.content = content
    self.zip = zip
    self.member = member
  }

  var format: String { content.format }
  var files: [SourceFile] { content.files }
  var tensors: [TensorDescription] { content.tensors }
  var metadata: ArchiveMetadata { content.metadata }
  var attributes: [String: [String: [String]]] { content.attributes }
  var notes: [ArchiveNote] { content.notes }

  func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    isUnchecked.store(true, ordering: .relaxed)
    try content.read(name, body)
  }

  func place(of name: String) -> TensorPlace? {
    isUnchecked.store(true, ordering: .relaxed)
    return content.place(of: name)
  }

  /// Checks the checksum of the whole HDF5 file, where any of it was used since the last time.
  func finish() throws(FileError) {
    if isUnchecked.exchange(false, ordering: .relaxed) {
      try zip.stream(member) { (_) throws(FileError) in }
    }
    try content.finish()
  }
}
