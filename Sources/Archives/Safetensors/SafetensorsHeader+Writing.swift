package import AlbertBytes
internal import AlbertJSON
package import AlbertTensors

extension SafetensorsHeader {
  /// Lays out `tensors` one after another in their order, and writes the header that says so.
  ///
  /// The text is padded with the fewest spaces that bring the start of the data to a multiple of
  /// `alignment` bytes. `path` is the file to be written, which errors name.
  package init(
    layingOut tensors: [TensorDescription], metadata: [(key: String, value: String)] = [],
    alignment: Int = 8, path: String
  ) throws(FileError) {
    var entries: [Entry] = []
    entries.reserveCapacity(tensors.count)
    var end = 0
    for tensor in tensors {
      guard tensor.type != .opaque else {
        throw FileError(
          path, .inexpressible("safetensors has no word for its element type"), tensor: tensor.name,
          remedy: "leave the tensor out")
      }
      guard let next = end.adding(tensor.byteCount), next <= 1 << 60 else {
        throw FileError(
          path, .limit(of: "the end of the data", value: .max, most: 1 << 60), tensor: tensor.name)
      }
      entries.append(Entry(tensor: tensor, word: tensor.type.rawValue, range: end..<next))
      end = next
    }
    let text = Self.text(entries, metadata)
    let excess = (Self.lengthSize + text.count) % alignment
    let padding = excess == 0 ? 0 : alignment - excess
    try self.init(
      entries: entries,
      metadata: Dictionary(metadata.map { ($0.key, $0.value) }) { first, _ in first },
      text: text + [UInt8](repeating: 0x20, count: padding), fileSize: nil, path: path)
  }

  private static func text(_ entries: [Entry], _ metadata: [(key: String, value: String)])
    -> [UInt8]
  {
    var members: [JSONMember] = []
    if !metadata.isEmpty {
      members.append(
        JSONMember(metadataKey, .object(metadata.map { JSONMember($0.key, .string($0.value)) })))
    }
    for entry in entries {
      let offsets = [entry.range.lowerBound, entry.range.upperBound]
      members.append(
        JSONMember(
          entry.tensor.name,
          .object([
            JSONMember("dtype", .string(entry.word)),
            JSONMember("shape", integers(entry.tensor.shape.dimensions)),
            JSONMember("data_offsets", integers(offsets)),
          ])))
    }
    return Array(JSONValue.object(members).text().utf8)
  }

  private static func integers(_ values: [Int]) -> JSONValue {
    .array(values.map { .integer(Int64($0)) })
  }
}
