internal import AlbertBytes
internal import SystemPackage

/// The files beside a model that hold data of its tensors, each opened once.
final class ONNXExternalFiles {
  /// Those that were opened, in order of their first mention.
  private(set) var files: [SourceFile] = []
  private let model: FilePath
  private let statement: ONNXDataStatement?
  private var byLocation: [String: (file: SourceFile, check: ONNXDataCheck?)] = [:]
  private var stated: Set<ONNXChecksums.Statement> = []

  /// The most files that a model may be spread over.
  static let maxFiles = 1024

  /// The files of a model, which may state what one of them is.
  init(of model: FilePath, stated statement: ONNXDataStatement? = nil) {
    self.model = model
    self.statement = statement
  }

  /// The file at `location`, which must lie in the model's own folder, and how it is checked where the
  /// model states what it is.
  private func file(
    _ location: String
  ) throws(FileError) -> (file: SourceFile, check: ONNXDataCheck?) {
    if let known = byLocation[location] { return known }
    try FileError.limit(
      files.count + 1, "the number of data files", most: Self.maxFiles, in: model.string)
    let path = try ModelFolder(of: model).file(named: location, "the data of some tensors")
    let file = try SourceFile(path)
    let check = try statement.flatMap { (statement) throws(FileError) -> ONNXDataCheck? in
      guard statement.location == location else { return nil }
      return try ONNXDataCheck(file, statement, of: model.lastComponent?.string ?? model.string)
    }
    byLocation[location] = (file, check)
    files.append(file)
    return (file, check)
  }

  /// Where the data of `tensor` lie: in `main`, or in a file beside it, which they must fit into.
  func data(of tensor: ONNXTensor, _ main: SourceFile) throws(FileError) -> ONNXTensorData {
    guard case .external(let place) = tensor.data else {
      return ONNXTensorData(tensor: tensor, file: main)
    }
    let (file, check) = try file(place.location)
    let count = tensor.description.byteCount
    guard let end = place.offset.adding(count), end <= file.size else {
      throw FileError(
        file.path.string,
        .truncated(
          what: "the tensor's data", needed: count, available: max(0, file.size - place.offset)),
        offset: place.offset, tensor: tensor.name)
    }
    if let checksum = place.checksum {
      stated.insert(.init(location: place.location, digest: checksum.lowercased()))
    }
    return ONNXTensorData(tensor: tensor, file: file, check: check)
  }

  /// What the tensors state of the files.
  var checksums: ONNXChecksums { ONNXChecksums(stated, byLocation.mapValues(\.file)) }
}
