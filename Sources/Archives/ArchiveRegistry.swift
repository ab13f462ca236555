package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// All container formats, and the way from a path to an open container.
package enum ArchiveRegistry {
  /// One line per format.
  ///
  /// Their order matters only where two formats claim one file.
  package static let formats: [any ArchiveFormat.Type] = [
    HDF5Format.self,
    KerasFormat.self,
    SafetensorsFormat.self,
    NumPyPickleFormat.self,
    DistributedFormat.self,
    PyTorchFormat.self,
    SavedModelFormat.self,
    TensorFlowCheckpointFormat.self,
    FrozenGraphFormat.self,
    MessagePackFormat.self,
    ONNXFormat.self,
    TFLiteFormat.self,
    NumPyFormat.self,
  ]

  /// The bytes of a file's beginning that a format is shown to recognise it.
  package static let headSize = 4096

  /// A container that was found at a path, not yet opened.
  package struct Located {
    /// The file to open.
    package let path: FilePath
    /// Its format.
    package let format: any ArchiveFormat.Type
    /// The names of other checkpoints that the folder also holds.
    package let passedOver: [String]
    /// Where it was found, if elsewhere than at the path itself.
    package internal(set) var place: String?

    init(_ path: FilePath, _ format: any ArchiveFormat.Type, passedOver: [String] = []) {
      self.path = path
      self.format = format
      self.passedOver = passedOver
    }

    /// Opens the container.
    ///
    /// Throws what hinders it; of a file that is plainly something else, what that is.
    package func open(_ options: ArchiveOptions = ArchiveOptions()) throws(FileError)
      -> any TensorArchive
    {
      do throws(FileError) {
        return try format.open(path, options)
      } catch {
        let culprit = FilePath(error.path)
        // What differs from what another file states is told so, unless its bytes are another thing's.
        let isStated = culprit != path && ["checksum", "mismatch"].contains(error.code)
        throw ArchiveRegistry.plainError(
          of: culprit, inPlaceOf: isStated ? "data file" : "checkpoint")
          ?? error
      }
    }
  }

  /// Opens the container at `path`: a file, a folder, or a name that a format completes (a
  /// TensorFlow prefix).
  ///
  /// Throws what hinders it.
  package static func open(_ path: FilePath, _ options: ArchiveOptions = ArchiveOptions())
    throws(FileError) -> any TensorArchive
  {
    try locate(path).open(options)
  }

  /// Finds the container at `path` without opening it.
  package static func locate(_ path: FilePath) throws(FileError) -> Located {
    guard let status = try path.found() else {
      for format in formats {
        if let completed = try format.complete(path) { return Located(completed, format) }
      }
      if let cached = HubCache.folder(of: path) { return try FolderSearch(cached).run() }
      // A prefix of which the graph alone is there.
      if let name = path.lastComponent?.string,
        let graph = plainError(of: path.removingLastComponent().appending(name + ".meta"))
      {
        throw graph
      }
      throw HubCache.absent(path)
    }
    if status.type == .directory { return try FolderSearch(path).run() }
    return Located(path, try recognise(path))
  }

  /// The format of one file, by its content.
  static func recognise(_ path: FilePath) throws(FileError) -> any ArchiveFormat.Type {
    let file = try SourceFile(path)
    let head = try file.head(headSize)
    for format in formats where try format.claims(file, head: head) { return format }
    throw UnusableContent.error(file, head: head)
  }

  /// The error for a file of another runtime; nil for any other, and where nothing can be read.
  package static func foreignError(of file: SourceFile) -> FileError? {
    guard let head = try? file.head(headSize) else { return nil }
    return ForeignModel.known(file.path.string, head: head) ?? ForeignModel.error(file, head: head)
  }

  /// The error for a file that no format claims and that is something else beyond doubt; nil for any
  /// other, and where nothing can be read.
  ///
  /// `wanted` is what was expected there.
  package static func plainError(
    of path: FilePath, inPlaceOf wanted: String = "checkpoint"
  ) -> FileError? {
    guard path.isFile, let file = try? SourceFile(path),
      let head = try? file.head(headSize)
    else { return nil }
    for format in formats where (try? format.claims(file, head: head)) ?? true { return nil }
    if wanted != "checkpoint" { return UnusableContent.error(file, head, inPlaceOf: wanted) }
    return UnusableContent.recognised(file, head: head)
      ?? (path.extension == "json" ? nil : UnusableContent.json(file, head))
  }
}
