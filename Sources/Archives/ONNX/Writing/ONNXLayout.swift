package import AlbertBytes
internal import AlbertTensors

/// The layout of a model in one file, its tensors inside.
package struct ONNXLayout: ArchiveLayout {
  /// Where each tensor's bytes go.
  package let ranges: [Range<Int>]
  /// The size of the whole file.
  package let byteCount: Int

  private let message: ProtobufMessage

  /// Bytes that a protobuf message, and so a model in one file, cannot exceed.
  package static let maxBytes = Int(Int32.max)

  /// Whether a model can be one file.
  ///
  /// Throws what `init` does for other reasons than its size.
  package static func fits(
    _ model: ONNXModelDescription, path: String
  ) throws(FileError) -> Bool {
    try message(of: model, path).map { $0.byteCount <= maxBytes } ?? false
  }

  /// Lays out a model; `path` is the file to be written, which errors name.
  ///
  /// Throws where an element type has no code, a name stands for two values, or the file would be
  /// larger than `maxBytes`.
  package init(_ model: ONNXModelDescription, path: String) throws(FileError) {
    let message = try Self.message(of: model, path)
    guard let message, message.byteCount <= Self.maxBytes else {
      throw FileError(
        path,
        .limit(
          of: "the size of an ONNX file", value: message?.byteCount ?? .max, most: Self.maxBytes),
        remedy: "keep its tensors in a file beside it")
    }
    self.message = message
    ranges = message.gapRanges
    byteCount = message.byteCount
  }

  /// The file, a gap for each tensor; nil where it is larger than can be counted.
  private static func message(
    of model: ONNXModelDescription, _ path: String
  ) throws(FileError) -> ProtobufMessage? {
    var size = 0
    for tensor in model.tensors {
      guard let sum = size.adding(tensor.byteCount), sum < 1 << 60 else { return nil }
      size = sum
    }
    return try model.message(.within, path: path)
  }

  /// Writes the graph around the tensors.
  package func finish(_ written: WrittenTensors, to sink: some ByteSink) throws(FileError) {
    try message.write(to: sink)
  }
}
