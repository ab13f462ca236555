package import AlbertBytes
package import AlbertTensors

/// The layout of a file beside a model that holds its tensors and nothing else.
///
/// Protobuf ends at 2 GiB; models beyond keep their weights outside, and so may smaller ones, whose
/// weights can then be mapped.
package struct ONNXExternalLayout: ArchiveLayout {
  /// Where each tensor's bytes go.
  package let ranges: [Range<Int>]
  /// The size of the whole file.
  package let byteCount: Int

  /// Bytes to whose multiple every tensor begins, so that it can be mapped as any element type.
  package static let alignment = 64
  /// The same for tensors of at least that size: pages, which runtimes map one by one.
  package static let pageSize = 4096

  /// Lays out tensors in the order given; `path` is the file to be written, which errors name.
  package init(_ tensors: [TensorDescription], path: String) throws(FileError) {
    var ranges: [Range<Int>] = []
    var end = 0
    for tensor in tensors {
      let count = tensor.byteCount
      let boundary = count < Self.pageSize ? Self.alignment : Self.pageSize
      guard let start = end.roundedUp(to: boundary), let next = start.adding(count), next <= 1 << 60
      else {
        throw FileError(
          path, .limit(of: "the end of the data", value: .max, most: 1 << 60), tensor: tensor.name)
      }
      ranges.append(start..<next)
      end = next
    }
    self.ranges = ranges
    byteCount = end
  }

  /// The model that goes with the file, whose name in the same folder is `location` and which has
  /// `digest`; the model states both, and the length, so that readers notice another file.
  ///
  /// Throws where an element type has no code, a name stands for two values, or `model` has other
  /// tensors than were laid out; `path` is the model's file.
  package func model(
    _ model: ONNXModelDescription, location: String, digest: XXH3Digest, path: String
  ) throws(FileError) -> [UInt8] {
    guard model.tensors.map(\.byteCount) == ranges.map(\.count) else {
      throw FileError(
        path,
        .mismatch(
          of: "the tensors of the model", expected: "those laid out in '\(location)'",
          found: "others"))
    }
    let statement = ONNXDataStatement(location: location, length: byteCount, digest: digest)
    var model = model
    model.metadata.append((ONNXDataStatement.key, statement.text))
    return try model.message(.external(location: location, ranges: ranges), path: path).bytes
  }

  /// Writes zeros between the tensors.
  package func finish(_ written: WrittenTensors, to sink: some ByteSink) throws(FileError) {
    let zeros = [UInt8](repeating: 0, count: Self.pageSize)
    var end = 0
    for range in ranges {
      if range.lowerBound > end {
        try unsafe sink.write(
          zeros.span.bytes.extracting(0..<range.lowerBound - end), at: end)
      }
      end = range.upperBound
    }
  }
}
