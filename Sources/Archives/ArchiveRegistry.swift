public import Bytes
public import SystemPackage
public import Tensors

/// All container formats, and the way from a path to an open container.
public enum ArchiveRegistry {
  /// One line per format.
  ///
  /// Their order matters only where two formats claim one file.
  static let formats: [any ArchiveFormat.Type] = [
    HDF5Format.self,
    KerasFormat.self,
    SafetensorsFormat.self,
    NumPyPickleFormat.self,
    PyTorchFormat.self,
    SavedModelFormat.self,
    TensorFlowCheckpointFormat.self,
    FrozenGraphFormat.self,
    MessagePackFormat.self,
    ONNXFormat.self,
    NumPyFormat.self,
  ]

  /// The bytes of a file's beginning that a format is shown to recognise it.
  public static let headSize = 4096

  /// A container that was found at a path, not yet opened.
  public struct Located {
    /// The file to open.
    public let path: FilePath
    /// Its format.
    public let format: any ArchiveFormat.Type
    /// The names of other checkpoints that the folder also holds.
    public let passedOver: [String]
  }

  /// Opens the container at `path`: a file, a folder, or a name that a format completes (a
  /// TensorFlow prefix).
  ///
  /// Throws what hinders it.
  public static func open(_ path: FilePath, _ options: ArchiveOptions = ArchiveOptions())
    throws(FileError) -> any TensorArchive
  {
    let located = try locate(path)
    return try located.format.open(located.path, options)
  }

  /// Finds the container at `path` without opening it.
  public static func locate(_ path: FilePath) throws(FileError) -> Located {
    guard let status = try? path.stat() else {
      for format in formats {
        if let completed = format.complete(path) {
          return Located(path: completed, format: format, passedOver: [])
        }
      }
      throw FileError(path.string, .notFound)
    }
    if status.type == .directory { return try locate(inFolder: path) }
    return Located(path: path, format: try recognise(path), passedOver: [])
  }

  /// The format of one file, by its content.
  private static func recognise(_ path: FilePath) throws(FileError) -> any ArchiveFormat.Type {
    let file = try SourceFile(path)
    let head = try file.bytes(at: 0, count: min(headSize, file.size))
    for format in formats where format.claims(file, head: head) { return format }
    throw UnusableContent.error(path.string, head: head)
  }

  private static func isClaimed(_ path: FilePath, by format: any ArchiveFormat.Type) -> Bool {
    guard let file = try? SourceFile(path),
      let head = try? file.bytes(at: 0, count: min(headSize, file.size))
    else { return false }
    return format.claims(file, head: head)
  }

  /// The most files that are opened to see what they are.
  private static let mostProbed = 100

  /// The only file that some format claims, whatever its name: `last.ckpt`, `step_1000000.t7`.
  private static func locate(
    inFolder folder: FilePath, byContentOf names: [FilePath.Component]
  ) throws(FileError) -> Located {
    var found: [(name: FilePath.Component, format: any ArchiveFormat.Type)] = []
    for name in names.prefix(mostProbed) {
      if let format = try? recognise(folder.appending(name)) { found.append((name, format)) }
    }
    guard let only = found.first else {
      throw FileError(
        folder.string, .missing("a checkpoint in this folder"),
        remedy: "name the checkpoint's file, or the folder that holds it")
    }
    guard found.count == 1 else {
      throw FileError(
        folder.string,
        .ambiguous(of: "checkpoint in this folder", candidates: found.map(\.name.string)),
        remedy: "name one of them instead of the folder")
    }
    return Located(path: folder.appending(only.name), format: only.format, passedOver: [])
  }

  /// The container of lowest rank among a folder's files.
  ///
  /// Two of one rank are an error.
  private static func locate(inFolder folder: FilePath) throws(FileError) -> Located {
    let names = try Folder.names(in: folder)
    var found: [(rank: Int, name: FilePath.Component, format: any ArchiveFormat.Type)] = []
    for name in names {
      let fits = formats.flatMap { format in
        format.folderRules.filter { $0.matches(name.string) }.map {
          ($0.rank.rawValue, name, format)
        }
      }
      if let best = fits.min(by: { $0.0 < $1.0 }) { found.append(best) }
    }
    // Names of one rank keep the order of the listing.
    found = found.enumerated().sorted { ($0.1.rank, $0.0) < ($1.1.rank, $1.0) }.map(\.1)
    // By a mere ending, other files pass for checkpoints, such as the `weights.bin` that an ONNX
    // model keeps its data in; their content tells.
    let certain = found.filter { candidate in
      candidate.rank < FolderRule.Rank.otherWeights.rawValue
        || isClaimed(folder.appending(candidate.name), by: candidate.format)
    }
    if !certain.isEmpty { found = certain }
    guard let best = found.first else {
      for format in formats {
        if let completed = format.complete(folder) {
          return Located(path: completed, format: format, passedOver: [])
        }
      }
      return try locate(inFolder: folder, byContentOf: names)
    }
    let rivals = found.filter { $0.rank == best.rank }.map(\.name.string)
    guard rivals.count == 1 else {
      throw FileError(
        folder.string, .ambiguous(of: "checkpoint in this folder", candidates: rivals),
        remedy: "name one of them instead of the folder")
    }
    return Located(
      path: folder.appending(best.name), format: best.format,
      passedOver: found.dropFirst().map(\.name.string))
  }
}
