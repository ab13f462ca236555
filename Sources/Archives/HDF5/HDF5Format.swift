internal import AlbertBytes
internal import SystemPackage
internal import AlbertTensors

/// HDF5 files as Keras 2, Keras 3 and transformers write them, and sets of them.
///
/// Tensors have the names of their datasets' paths. In a KerasHub preset, whose `task.weights.h5`
/// numbers its layers anew, the names of that file begin with `task/`; the model's do not.
enum HDF5Format: ArchiveFormat {
  static let name = "hdf5"

  static let folderRules = [
    FolderRule(.exactly("tf_model.h5.index.json"), .tfH5Index),
    FolderRule(.ending(".weights.json"), .kerasIndex),
    FolderRule(.exactly("tf_model.h5"), .tfModelH5),
    FolderRule(.exactly("model.weights.h5"), .modelWeightsH5),
    FolderRule(.ending(".weights.h5"), .weightsH5),
    FolderRule(.ending(".h5"), .otherH5),
    FolderRule(.ending(".hdf5"), .otherH5),
  ]

  private static let modelName = "model.weights.h5"
  private static let taskName = "task.weights.h5"

  static func claims(_ file: SourceFile, head: [UInt8]) -> Bool {
    HDF5Superblock.isHDF5(head) || HDF5ShardIndex.isIndex(file, head: head)
  }

  static func open(
    _ path: FilePath, _ options: ArchiveOptions
  ) throws(FileError) -> any TensorArchive {
    let file = try SourceFile(path)
    let head = try file.head(ArchiveRegistry.headSize)
    if HDF5ShardIndex.isIndex(file, head: head) {
      return try open(try HDF5ShardIndex(file), named: nil, options)
    }
    if let archive = try preset(file, options) { return archive }
    var notes: [ArchiveNote] = []
    if let indexName = HDF5ShardIndex.indexName(ofShard: file.name) {
      if let index = try index(indexName, of: file) {
        return try open(index, named: file, options)
      }
      notes.add(
        .warning, code: "shard-alone",
        message: "\(file.name) is one of several files, but \(indexName), which lists them, is "
          + "not beside it: only this one was read")
    }
    let parts = try HDF5File.open([HDF5Window(file)], options).map { HDF5Archive.Part(file: $0) }
    return try HDF5Archive(parts, notes: notes)
  }

  /// The list beside one of several files, if it is there and names the file.
  private static func index(
    _ name: String, of file: SourceFile
  ) throws(FileError) -> HDF5ShardIndex? {
    let path = file.path.removingLastComponent().appending(name)
    guard try path.found() != nil else { return nil }
    let index = try HDF5ShardIndex(try SourceFile(path))
    return index.names.contains(file.name) ? index : nil
  }

  private static func open(
    _ index: HDF5ShardIndex, named: SourceFile?, _ options: ArchiveOptions
  ) throws(FileError) -> any TensorArchive {
    let folder = try ModelFolder(of: index.file.path)
    var files: [SourceFile] = []
    for name in index.names {
      if let named, named.name == name {
        files.insert(named, at: 0)
      } else {
        files.append(try SourceFile(try folder.file(named: name, "a part of the weights")))
      }
    }
    let opened = try HDF5File.open(files.map { HDF5Window($0) }, options)
    var descriptions: [String: HDF5Description] = [:]
    for file in opened { descriptions[file.window.file.name] = file.description }
    try index.check(descriptions)
    return try HDF5Archive(opened.map { HDF5Archive.Part(file: $0) }, index: index.file)
  }

  /// A KerasHub preset's two files, where `file` is one of them and the other stands beside it.
  private static func preset(
    _ file: SourceFile, _ options: ArchiveOptions
  ) throws(FileError) -> (any TensorArchive)? {
    guard file.name == modelName || file.name == taskName else { return nil }
    let otherName = file.name == modelName ? taskName : modelName
    let otherPath = file.path.removingLastComponent().appending(otherName)
    guard try otherPath.found() != nil else { return nil }
    let folder = try ModelFolder(of: file.path)
    let other = try SourceFile(try folder.file(named: otherName, "another part of the preset"))
    let parts = try HDF5File.open([HDF5Window(file), HDF5Window(other)], options).map {
      HDF5Archive.Part(file: $0, prefix: $0.window.file.name == taskName ? "task/" : "")
    }
    return try HDF5Archive(parts)
  }
}
