internal import Bytes
internal import SystemPackage

/// The files beside a model that hold data of its tensors, each opened once.
final class ONNXExternalFiles {
  /// Those that were opened, in order of their first mention.
  private(set) var files: [SourceFile] = []
  private let model: FilePath
  private var byLocation: [String: SourceFile] = [:]

  /// The most files that a model may be spread over.
  static let mostFiles = 1024

  init(of model: FilePath) {
    self.model = model
  }

  /// The file at `location`, which must lie in the model's own folder.
  func file(_ location: String) throws(FileError) -> SourceFile {
    if let file = byLocation[location] { return file }
    guard files.count < Self.mostFiles else {
      throw FileError(
        model.string,
        .limit(of: "the number of data files", value: files.count + 1, most: Self.mostFiles))
    }
    let path = try ModelFolder(of: model).file(named: location, "the data of some tensors")
    let file = try SourceFile(path)
    byLocation[location] = file
    files.append(file)
    return file
  }

  /// Where the data of `tensor` lie: in `main`, or in a file beside it, which they must fit into.
  func data(of tensor: ONNXTensor, _ main: SourceFile) throws(FileError) -> ONNXTensorData {
    guard case .external(let place) = tensor.data else {
      return ONNXTensorData(tensor: tensor, file: main)
    }
    let file = try file(place.location)
    let count = tensor.description.byteCount
    guard let end = place.offset.adding(count), end <= file.size else {
      throw FileError(
        file.path.string,
        .truncated(
          what: "the tensor's data", needed: count, available: max(0, file.size - place.offset)),
        offset: place.offset, tensor: tensor.name)
    }
    return ONNXTensorData(tensor: tensor, file: file)
  }
}
