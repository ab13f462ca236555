package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// SavedModel folders and TensorFlow Hub modules: a graph, and a checkpoint in the folder
/// `variables` beside it.
///
/// Only the checkpoint is read; the graph says how to compute with the variables, not what they are.
/// Where there are no variables, the graph may be a frozen one, with constants in their place.
package enum SavedModelFormat: ArchiveFormat {
  /// `saved-model`.
  package static let name = "saved-model"

  /// The graph marks the folder.
  package static let folderRules = [FolderRule(.exactly(graphName), .savedModel)]

  private static let graphName = "saved_model.pb"
  private static let variables = "variables"

  /// The graph by its name, a file of the checkpoint by the graph above it.
  package static func claims(_ file: SourceFile, head: [UInt8]) -> Bool {
    // A SavedModel begins with its version, which the first byte announces.
    let isGraph = head.first == 0x08 || head.first == 0x12
    return isGraph && (file.name == graphName || file.name == "tfhub_module.pb")
      || TensorFlowPrefix(ofFile: file.path).map(holds) ?? false
  }

  /// The checkpoint of a folder without its graph, or the graph of a folder's only version.
  package static func complete(_ path: FilePath) -> FilePath? {
    let prefix = TensorFlowPrefix(path.appending(variables).appending(variables))
    if prefix.exists { return prefix.index }
    // A folder of versions, as servers want it, stands for its only one.
    let graphs = ((try? Folder.names(in: path)) ?? [])
      .filter { $0.string.allSatisfy("0123456789".contains) }
      .map { path.appending($0).appending(graphName) }
      .filter(TensorFlowPrefix.exists)
    if graphs.count == 1 { return graphs[0] }
    // Transformers puts them beside a config, into a folder of this name.
    let inner = path.appending("saved_model")
    return inner.isFolder ? complete(inner) : nil
  }

  /// Opens the checkpoint in the SavedModel's folder.
  package static func open(_ path: FilePath, _ options: ArchiveOptions) throws(FileError)
    -> any TensorArchive
  {
    let named = try SourceFile(path)
    if let prefix = TensorFlowPrefix(ofFile: path) {
      return try TensorFlowBundle.open(prefix, format: name, named: [named])
    }
    let index: FilePath
    do throws(FileError) {
      index = try ModelFolder(of: path)
        .file(named: "\(variables)/\(variables).index", "the index of its weights")
    } catch  where error.code == "missing" {
      if let frozen = try FrozenGraphArchive(savedModel: named, format: name) { return frozen }
      throw FileError(
        error.path, error.problem,
        remedy: "copy the whole SavedModel folder; a graph alone holds no weights to read")
    }
    let prefix = TensorFlowPrefix(index.removingLastComponent().appending(variables))
    return try TensorFlowBundle.open(prefix, format: name, named: [named])
  }

  /// Whether a checkpoint is the one in a SavedModel's folder.
  static func holds(_ prefix: TensorFlowPrefix) -> Bool {
    guard prefix.path.lastComponent?.string == variables else { return false }
    // The folder above is asked for by `..`, since the path may begin inside of it.
    return TensorFlowPrefix.exists(
      prefix.path.removingLastComponent().appending("..").appending(graphName))
  }
}
