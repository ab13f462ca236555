package import AlbertArchitecture
package import AlbertBytes
internal import AlbertJSON
internal import AlbertTensors

/// Everything that a native file's header says, as a value that has exactly one form in bytes.
package struct NativeHeader: Equatable, Sendable {
  /// What the model computes.
  package let config: AlbertConfig
  /// Which parts it has.
  package let contents: ModelContents
  /// The tensors and their places.
  package let layout: NativeLayout
  /// The digest of each tensor's bytes, in the layout's order.
  package var digests: [XXH3Digest]
  /// Where the numbers come from.
  package var source: SourceProvenance
  /// The program that wrote the file, such as `albert 1.0.0`.
  package let tool: String
  /// The tokenizer's files, as JSON text: name to base64 of its bytes; nil where there is none.
  package let tokenizer: String?

  /// States a header.
  package init(
    config: AlbertConfig, contents: ModelContents, layout: NativeLayout, digests: [XXH3Digest],
    source: SourceProvenance, tool: String, tokenizer: String? = nil
  ) {
    self.config = config
    self.contents = contents
    self.layout = layout
    self.digests = digests
    self.source = source
    self.tool = tool
    self.tokenizer = tokenizer
  }

  /// Whether any tensor is stored as 8-bit integers.
  package var holdsIntegers: Bool { layout.places.contains { $0.tensor.type == .int8 } }

  /// The header's bytes: eight of length, the JSON text, and spaces up to the data.
  ///
  /// Their number depends on no digest, so that data can be written before its digests are known.
  package func encoded() -> [UInt8] {
    let zeros = String(repeating: "0", count: 32)
    let digest = unsafe XXH3Digest.of(padded(headerDigest: zeros).span.bytes)
    let text = padded(headerDigest: digest.description)
    let length = UInt64(text.count).littleEndian
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text
  }

  private func padded(headerDigest: String) -> [UInt8] {
    var text = Array(json(headerDigest: headerDigest).text().utf8)
    let unit = NativeProfile.dataAlignment
    text += Array(repeating: 0x20, count: (unit - (text.count + 8) % unit) % unit)
    return text
  }

  private func json(headerDigest: String) -> JSONValue {
    let digestMembers = zip(layout.places, digests).map {
      JSONMember($0.tensor.name, .string($1.description))
    }
    let metadata = NativeProfile.Key.allCases.compactMap { key -> JSONMember? in
      let value: String? =
        switch key {
        case .format: holdsIntegers ? NativeProfile.integerFormat : NativeProfile.torchFormat
        case .profile: NativeProfile.version
        case .tool: tool
        case .config: NativeConfig.json(config, contents).text()
        case .source: source.json.text()
        case .digests: JSONValue.object(digestMembers).text()
        case .tokenizer: tokenizer
        case .headerDigest: headerDigest
        }
      return value.map { JSONMember(key.rawValue, .string($0)) }
    }
    let tensors = layout.places.map { place in
      JSONMember(
        place.tensor.name,
        .object([
          JSONMember("dtype", .string(place.tensor.type.rawValue)),
          JSONMember(
            "shape", .array(place.tensor.shape.dimensions.map { .integer(Int64($0)) })),
          JSONMember(
            "data_offsets",
            .array([
              .integer(Int64(place.range.lowerBound)), .integer(Int64(place.range.upperBound)),
            ])),
        ]))
    }
    return .object([JSONMember("__metadata__", .object(metadata))] + tensors)
  }
}
