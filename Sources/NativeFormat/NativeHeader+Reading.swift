internal import AlbertArchitecture
package import AlbertArchives
package import AlbertBytes
internal import AlbertJSON
internal import AlbertTensors

extension NativeHeader {
  /// The number of bytes before the data.
  package var encodedByteCount: Int {
    let text = text()
    return 8 + text.head.count + (companions.tokenizer?.text.count ?? 0) + text.tail.count
  }

  /// Reads and checks a native file's header and size: the profile's law in one place.
  ///
  /// The header is read into a value, and the value written again must give the same bytes: that
  /// refuses duplicate keys, white space, padding other than spaces, holes, overlaps, another order
  /// and whatever else lenient readers let pass. So it may as well be taken from the container that the
  /// file is open as, whose header was read. A tokenizer's megabytes are scanned, but neither copied nor
  /// taken apart.
  package init(
    reading file: SourceFile, as container: SafetensorsHeader? = nil
  ) throws(FileError) {
    let path = file.path.string
    func malformed(_ what: String, at offset: Int = 0) -> FileError {
      FileError(
        path, .malformed(what), offset: offset,
        remedy: "convert the source again; the file is damaged or no native file")
    }
    var cursor = try ByteCursor(file)
    let length = try cursor.littleEndian(UInt64.self, "the header's length")
    guard length <= UInt64(NativeProfile.largestHeader), Int(length) <= cursor.remaining else {
      throw malformed("the header's length \(length) exceeds the file")
    }
    guard (Int(length) + 8).isMultiple(of: NativeProfile.dataAlignment) else {
      throw malformed("the header's length \(length) does not end at a multiple of 16384")
    }
    let bytes: [UInt8]
    if let container {
      bytes = container.text
    } else {
      bytes = try cursor.bytes(Int(length), "the header")
    }
    guard bytes.contains(where: { $0 != 0x20 }) else {
      throw malformed("the header is empty", at: 8)
    }
    if let container {
      try self.init(
        container.metadata.short, container.longTexts, container.entries.map(\.tensor),
        malformed: { malformed($0, at: 8) })
    } else {
      try self.init(
        try JSONValue.outline(
          bytes, path: path,
          leaving: JSONOutline.Rule(
            within: SafetensorsHeader.metadataKey, longerThan: SafetensorsHeader.longestShortText)),
        malformed: { malformed($0, at: 8) })
    }
    guard isWritten(as: bytes) else {
      let canonical = encoded()
      let difference = zip(canonical.dropFirst(8), bytes).enumerated().first { $1.0 != $1.1 }
      guard canonical.count - 8 != bytes.count || difference != nil else {
        throw malformed("the tokenizer's text is not in its canonical form", at: 8)
      }
      guard let difference else {
        throw malformed("the header's padding is not the least that reaches the data")
      }
      throw malformed("the header is not in its canonical form", at: difference.offset + 8)
    }
    let expected = 8 + bytes.count + layout.byteCount
    guard file.size == expected else {
      throw FileError(
        path,
        .mismatch(of: "the file's size", expected: "\(expected)", found: "\(file.size)"),
        remedy: "download or copy the file again, or convert the source again")
    }
  }

  /// Whether this header's one form is `bytes`, of which the tokenizer's text is a part.
  private func isWritten(as bytes: [UInt8]) -> Bool {
    let text = text()
    let tokenizer = companions.tokenizer
    let start = text.head.count
    let end = start + (tokenizer?.text.count ?? 0)
    guard end + text.tail.count == bytes.count, tokenizer?.isCanonicalString ?? true else {
      return false
    }
    return bytes[..<start].elementsEqual(text.head) && bytes[end...].elementsEqual(text.tail)
      && (tokenizer.map { $0.range == start..<end || $0.text.elementsEqual(bytes[start..<end]) }
        ?? true)
  }

  private init(_ outline: JSONOutline, malformed: (String) -> FileError) throws(FileError) {
    guard let members = outline.value.members, let first = members.first,
      first.key == SafetensorsHeader.metadataKey
    else {
      throw malformed("the header does not begin with __metadata__")
    }
    let texts = (first.value.members ?? []).compactMap { member in
      member.value.string.map { (member.key, $0) }
    }
    try self.init(
      Dictionary(firstOfEach: texts), outline.parts,
      try Self.tensors(members.dropFirst(), malformed: malformed), malformed: malformed)
  }

  /// What a container's metadata and its tensors say; of long texts only the tokenizer's stays as it is
  /// written.
  private init(
    _ texts: [String: String], _ long: [String: JSONPart], _ stored: [TensorDescription],
    malformed: (String) -> FileError
  ) throws(FileError) {
    let tokenizer = NativeProfile.Key.tokenizer.rawValue
    let metadata = texts.merging(
      long.filter { $0.key != tokenizer }.compactMapValues(\.string),
      uniquingKeysWith: { own, _ in own })
    func text(_ key: NativeProfile.Key) throws(FileError) -> String {
      guard let value = metadata[key.rawValue] else {
        throw malformed("the metadata has no '\(key.rawValue)'; this is no native file")
      }
      return value
    }
    let version = try text(.profile)
    guard version == NativeProfile.version else {
      throw malformed("the profile's version is '\(version)', expected '\(NativeProfile.version)'")
    }
    func nested(_ key: NativeProfile.Key) throws(FileError) -> JSONValue {
      let text = try text(key)
      do {
        return try JSONValue.parse(Array(text.utf8), path: "")
      } catch {
        throw malformed("'\(key.rawValue)' is no JSON text: \(error.message)")
      }
    }
    do {
      (config, contents) = try NativeConfig.read(try nested(.config))
    } catch let flaw as NativeConfig.Flaw {
      throw malformed("'albert.config': \(flaw.message)")
    } catch let error as FileError {
      throw error
    } catch {
      throw malformed("'albert.config': \(error)")
    }
    guard let source = SourceProvenance(try nested(.source)) else {
      throw malformed("'albert.source' names no source")
    }
    self.source = source
    tool = try text(.tool)
    companions = NativeCompanions(
      tokenizer: long[tokenizer] ?? texts[tokenizer].map(JSONPart.init(writing:)),
      pooling: metadata[NativeProfile.Key.pooling.rawValue])
    layout = try Self.layout(of: stored, config, contents, malformed: malformed)
    let texts = try nested(.digests)
    var digests: [XXH3Digest] = []
    for place in layout.places {
      guard let digest = texts[place.tensor.name]?.string.flatMap(XXH3Digest.init(hexadecimal:))
      else { throw malformed("there is no digest of '\(place.tensor.name)'") }
      digests.append(digest)
    }
    self.digests = digests
  }

  private static func tensors(
    _ members: some Sequence<JSONMember>, malformed: (String) -> FileError
  ) throws(FileError) -> [TensorDescription] {
    var result: [TensorDescription] = []
    for member in members {
      guard let type = member.value["dtype"]?.string.flatMap(ElementType.init(rawValue:)),
        let extents = member.value["shape"]?.elements?.map({ $0.integer ?? -1 }),
        let shape = Shape(checking: extents)
      else { throw malformed("the entry of '\(member.key)' has no valid type and shape") }
      result.append(TensorDescription(name: member.key, type: type, shape: shape))
    }
    return result
  }

  /// The layout that the model's specification demands, with the stored element types.
  private static func layout(
    of stored: [TensorDescription], _ config: AlbertConfig, _ contents: ModelContents,
    malformed: (String) -> FileError
  ) throws(FileError) -> NativeLayout {
    let byName = stored.byName
    var inOrder: [TensorDescription] = []
    for spec in ParameterSpec.all(config, contents) {
      let names = StoredParameter.names(of: spec.name)
      if let tensor = byName[spec.name] {
        guard StoredParameter.plainTypes.contains(tensor.type), tensor.shape == spec.shape else {
          throw malformed(
            "'\(spec.name)' is \(tensor.type.name) \(tensor.shape), expected a float \(spec.shape)")
        }
        inOrder.append(tensor)
      } else if let integers = byName[names.integers], let scale = byName[names.scale] {
        guard integers.type == .int8, integers.shape == spec.shape, scale.type == .float32,
          scale.shape == Shape([spec.shape.dimensions.first ?? 1])
        else { throw malformed("'\(spec.name)' is quantised in another way than per row") }
        inOrder += [integers, scale]
      } else {
        throw malformed("the tensor '\(spec.name)' is missing")
      }
    }
    guard inOrder.count == stored.count else {
      let known = Set(inOrder.map(\.name))
      let extra = stored.first { !known.contains($0.name) }?.name ?? ""
      throw malformed("the tensor '\(extra)' does not belong to the model")
    }
    return NativeLayout(inOrderOfUse: inOrder)
  }
}
