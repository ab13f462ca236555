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

  /// Lays out a model; `path` is the file to be written, which errors name.
  ///
  /// Throws where an element type has no code, a name stands for two values, or the file would be
  /// larger than `mostBytes`.
  public init(_ model: ONNXModelDescription, path: String) throws(FileError) {
    var size: Int? = 0
    for tensor in model.tensors { size = size.flatMap { $0.adding(tensor.byteCount) } }
    try Self.check(size, path)
    message = try model.message(.within, path: path)
    ranges = message.gapRanges
    byteCount = message.byteCount
    try Self.check(byteCount, path)
  }

  /// Throws where a file of `size` bytes would be too large; nil stands for more than can be counted.
  private static func check(_ size: Int?, _ path: String) throws(FileError) {
    guard let size, size <= mostBytes else {
      throw FileError(
        path, .limit(of: "the size of an ONNX file", value: size ?? .max, most: mostBytes),
        remedy: "keep its tensors in a file beside it")
    }
  }

  /// The format keeps none.
  public var checksum: TensorChecksum.Kind { .none }

  /// Writes the graph around the tensors.
  public func finish(_ checksums: [UInt32], to sink: some ByteSink) throws(FileError) {
    try message.write(to: sink)
  }
}
