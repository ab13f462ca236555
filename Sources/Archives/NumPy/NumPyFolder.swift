internal import AlbertBytes
internal import SystemPackage
internal import AlbertTensors

/// A folder with one array per `.npy` file, each named by its file.
struct NumPyFolder: TensorArchive {
  let format = NumPyFormat.name
  let files: [SourceFile]
  let tensors: [TensorDescription]

  private let arrays: ByName<NumPyArchive>

  /// The most arrays of one model; each keeps a file open.
  private static let maxFiles = 512

  /// Opens every array in `folder`.
  init(_ folder: FilePath) throws(FileError) {
    let names = try Self.arrays(in: folder)
    try FileError.limit(
      names.count, "the number of .npy files", most: Self.maxFiles, in: folder.string)
    var arrays = ByName<NumPyArchive>()
    var files: [SourceFile] = []
    var tensors: [TensorDescription] = []
    for name in names {
      let path = folder.appending(name)
      // The name is the tensor's as well, which is text.
      guard String(validating: name) != nil else {
        throw FileError(
          path.string, .malformed("the file's name, which is the array's, is not valid UTF-8"),
          remedy: "rename the file")
      }
      let array = try NumPyArchive(path)
      files += array.files
      for tensor in array.tensors {
        tensors.append(tensor)
        arrays.insert(array, as: tensor.name)
      }
    }
    self.files = files
    self.tensors = tensors
    self.arrays = arrays
  }

  /// The names of the `.npy` files in `folder`.
  static func arrays(in folder: FilePath) throws(FileError) -> [FilePath.Component] {
    try Folder.names(in: folder).filter { $0.string.hasSuffix(".npy") }
  }

  func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    guard let array = arrays[name] else {
      throw absent(name)
    }
    try array.read(name, body)
  }

  func place(of name: String) -> TensorPlace? { arrays[name]?.place(of: name) }
}
