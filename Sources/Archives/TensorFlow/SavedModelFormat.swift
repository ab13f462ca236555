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
  package static func claims(_ file: SourceFile, head: [UInt8]) throws(FileError) -> Bool {
    // A SavedModel begins with its version, which the first byte announces.
    let isGraph = head.first == 0x08 || head.first == 0x12
    if isGraph && (file.name == graphName || file.name == "tfhub_module.pb") { return true }
    guard let prefix = TensorFlowPrefix(ofFile: file.path) else { return false }
    return try holds(prefix)
  }

  /// The checkpoint of a folder without its graph, or the graph of a folder's only version.
  package static func complete(_ path: FilePath) throws(FileError) -> FilePath? {
    let prefix = TensorFlowPrefix(path.appending(variables).appending(variables))
    if try prefix.exists { return prefix.index }
    // A folder of versions, as servers want it, stands for its only one.
    guard try path.found()?.type == .directory else { return nil }
    var graphs: [FilePath] = []
    for name in try Folder.names(in: path) where name.string.allSatisfy("0123456789".contains) {
      let graph = path.appending(name).appending(graphName)
      if try TensorFlowPrefix.exists(graph) { graphs.append(graph) }
    }
    if graphs.count == 1 { return graphs[0] }
    // Transformers puts them beside a config, into a folder of this name.
    let inner = path.appending("saved_model")
    return try complete(inner)
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
  static func holds(_ prefix: TensorFlowPrefix) throws(FileError) -> Bool {
    guard prefix.path.lastComponent?.string == variables else { return false }
    // The folder above is asked for by `..`, since the path may begin inside of it.
    return try TensorFlowPrefix.exists(
      prefix.path.removingLastComponent().appending("..").appending(graphName))
  }
}
