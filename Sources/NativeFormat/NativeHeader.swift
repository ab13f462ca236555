package import AlbertArchitecture
package import AlbertBytes
internal import AlbertArchives
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
  /// The files that lie beside the model.
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
    let text = text()
    let tokenizer = companions.tokenizer?.text ?? []
    let length = UInt64(text.head.count + tokenizer.count + text.tail.count)
    return [UInt8](littleEndian: length, count: 8) + text.head + tokenizer + text.tail
  }

  /// The JSON text with its padding, but for the tokenizer's own text, which stands between both parts.
  struct Text {
    var head: [UInt8] = []
    var tail: [UInt8] = []
  }

  /// The JSON text in two parts, so that a tokenizer of megabytes need not be copied.
  ///
  /// Without a tokenizer the first one is empty.
  func text() -> Text {
    let tokenizer = companions.tokenizer?.text ?? []
    var text = Text()
    var separator = "{\"\(SafetensorsHeader.metadataKey)\":{"
    for (key, value) in metadata {
      text.tail += (separator + JSONValue.string(key.rawValue).text() + ":").utf8
      switch value {
      case .text(let value): text.tail += JSONValue.string(value).text().utf8
      case .written: (text.head, text.tail) = (text.tail, [])
      }
      separator = ","
    }
    // The metadata ends with the digest, a quotation mark behind it; the tensors go on in the same
    // object.
    let digestEnd = text.tail.count - 1
    text.tail += (layout.places.isEmpty ? "}" : "},").utf8
    text.tail += Array(JSONValue.object(tensors).text().utf8).dropFirst()
    let unit = NativeProfile.dataAlignment
    let count = 8 + text.head.count + tokenizer.count + text.tail.count
    text.tail += Array(repeating: 0x20, count: (unit - count % unit) % unit)
    var hasher = XXH3Hasher()
    unsafe hasher.update(text.head.span.bytes)
    unsafe hasher.update(tokenizer.span.bytes)
    unsafe hasher.update(text.tail.span.bytes)
    text.tail.replaceSubrange(
      digestEnd - Self.digestDigits..<digestEnd, with: hasher.digest().description.utf8)
    return text
  }

  /// The digits of the header's own digest, zeros while it is taken.
  private static let digestDigits = 32

  /// A value of the metadata.
  private enum MetadataValue {
    case text(String)
    /// The tokenizer's, which is written already.
    case written
  }

  /// The members of `__metadata__`, the header's digest last and still zeros.
  private var metadata: [(key: NativeProfile.Key, value: MetadataValue)] {
    let digestMembers = zip(layout.places, digests).map {
      JSONMember($0.tensor.name, .string($1.description))
    }
    return NativeProfile.Key.allCases.compactMap { key in
      let value: String?
      switch key {
      case .format: value = holdsIntegers ? NativeProfile.integerFormat : NativeProfile.torchFormat
      case .profile: value = NativeProfile.version
      case .tool: value = tool
      case .config: value = NativeConfig.json(config, contents).text()
      case .source: value = source.json.text()
      case .digests: value = JSONValue.object(digestMembers).text()
      case .tokenizer: return companions.tokenizer.map { _ in (key, .written) }
      case .pooling: value = companions.pooling
      case .headerDigest: value = String(repeating: "0", count: Self.digestDigits)
      }
      return value.map { (key, .text($0)) }
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
