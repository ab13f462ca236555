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
  /// The files that are carried beside the model.
  package let companions: NativeCompanions

  /// States a header.
  package init(
    config: AlbertConfig, contents: ModelContents, layout: NativeLayout, digests: [XXH3Digest],
    source: SourceProvenance, tool: String, companions: NativeCompanions = NativeCompanions()
  ) {
    self.config = config
    self.contents = contents
    self.layout = layout
    self.digests = digests
    self.source = source
    self.tool = tool
    self.companions = companions
  }

  /// Whether any tensor is stored as 8-bit integers.
  package var holdsIntegers: Bool { layout.places.contains { $0.tensor.type == .int8 } }

  /// The header's bytes: eight of length, the JSON text, and spaces up to the data.
  ///
  /// Their number depends on no digest, so that data can be written before its digests are known.
  package func encoded() -> [UInt8] {
    let metadata = JSONValue.object([JSONMember("__metadata__", .object(metadata))]).text()
    let tensors = JSONValue.object(tensors).text()
    // The metadata ends with the digest, `"}}` behind it; the tensors go on in the same object.
    var text = Array(metadata.utf8.dropLast())
    let end = text.count - 2
    if !layout.places.isEmpty { text.append(UInt8(ascii: ",")) }
    text += tensors.utf8.dropFirst()
    let unit = NativeProfile.dataAlignment
    text += Array(repeating: 0x20, count: (unit - (text.count + 8) % unit) % unit)
    let digest = unsafe XXH3Digest.of(text.span.bytes)
    text.replaceSubrange(end - Self.digestDigits..<end, with: digest.description.utf8)
    let length = UInt64(text.count).littleEndian
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text
  }

  /// The digits of the header's own digest, zeros while it is taken.
  private static let digestDigits = 32

  /// The members of `__metadata__`, the header's digest last and still zeros.
  private var metadata: [JSONMember] {
    let digestMembers = zip(layout.places, digests).map {
      JSONMember($0.tensor.name, .string($1.description))
    }
    return NativeProfile.Key.allCases.compactMap { key -> JSONMember? in
      let value: String? =
        switch key {
        case .format: holdsIntegers ? NativeProfile.integerFormat : NativeProfile.torchFormat
        case .profile: NativeProfile.version
        case .tool: tool
        case .config: NativeConfig.json(config, contents).text()
        case .source: source.json.text()
        case .digests: JSONValue.object(digestMembers).text()
        case .tokenizer: companions.tokenizer
        case .pooling: companions.pooling
        case .headerDigest: String(repeating: "0", count: Self.digestDigits)
        }
      return value.map { JSONMember(key.rawValue, .string($0)) }
    }
  }

  /// An entry for each tensor.
  private var tensors: [JSONMember] {
    layout.places.map { place in
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
  }
}
