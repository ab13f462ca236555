public import Bytes
internal import Tensors

/// The layout of a model in one file, its tensors inside.
public struct ONNXLayout: ArchiveLayout {
  /// Where each tensor's bytes go.
  public let ranges: [Range<Int>]
  /// The size of the whole file.
  public let byteCount: Int

  private let message: ProtobufMessage

  /// Bytes that a protobuf message, and so a model in one file, cannot exceed.
  public static let mostBytes = Int(Int32.max)

  /// Whether a model can be one file.
  ///
  /// Throws what `init` does for other reasons than its size.
  public static func fits(
    _ model: ONNXModelDescription, path: String
  ) throws(FileError) -> Bool {
    try size(of: model, path).map { $0 <= mostBytes } ?? false
  }

  /// Lays out a model; `path` is the file to be written, which errors name.
  ///
  /// Throws where an element type has no code, a name stands for two values, or the file would be
  /// larger than `mostBytes`.
  public init(_ model: ONNXModelDescription, path: String) throws(FileError) {
    let size = try Self.size(of: model, path)
    guard let size, size <= Self.mostBytes else {
      throw FileError(
        path, .limit(of: "the size of an ONNX file", value: size ?? .max, most: Self.mostBytes),
        remedy: "keep its tensors in a file beside it")
    }
    message = try model.message(.within, path: path)
    ranges = message.gapRanges
    byteCount = size
  }

  /// The size of the file; nil where it is more than can be counted.
  private static func size(
    of model: ONNXModelDescription, _ path: String
  ) throws(FileError) -> Int? {
    var tensors = 0
    for tensor in model.tensors {
      guard let sum = tensors.adding(tensor.byteCount), sum < 1 << 60 else { return nil }
      tensors = sum
    }
    return try model.message(.within, path: path).byteCount
  }

  /// The format keeps none.
  public var checksum: TensorChecksum.Kind { .none }

  /// Writes the graph around the tensors.
  public func finish(_ checksums: [UInt32], to sink: some ByteSink) throws(FileError) {
    try message.write(to: sink)
  }
}
