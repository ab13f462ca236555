package import AlbertBytes
internal import AlbertJSON
internal import AlbertTensors

extension SafetensorsHeader {
  /// Reads and checks the header of `file`.
  package init(_ file: SourceFile) throws(FileError) {
    let path = file.path.string
    var cursor = try ByteCursor(file)
    let length = try cursor.littleEndian(UInt64.self, "the length of the header")
    guard length <= UInt64(Self.longestText) else {
      throw FileError(
        path,
        .limit(
          of: "the length of the header", value: Int(clamping: length), most: Self.longestText),
        offset: 0, remedy: FileError.Problem.malformed("").usualRemedy)
    }
    let text = try cursor.bytes(Int(length), "the header")
    try self.init(text, fileSize: file.size, path: path)
  }

  /// Parses and checks the text of a header, padding included.
  init(_ text: [UInt8], fileSize: Int, path: String) throws(FileError) {
    // No person wrote the text, so nobody is told to correct it.
    let document = try JSONValue.outline(
      text, path: path, offset: Self.lengthSize,
      remedy: FileError.Problem.malformed("").usualRemedy,
      leaving: JSONOutline.Rule(within: Self.metadataKey, longerThan: Self.longestShortText))
    guard let members = document.value.members else {
      throw FileError(path, .malformed("the header is no JSON object"), offset: Self.lengthSize)
    }
    var metadata: [String: String] = [:]
    var entries: [Entry] = []
    entries.reserveCapacity(members.count)
    for member in members {
      if member.key == Self.metadataKey {
        metadata = try Self.metadata(member.value, document.parts, path)
      } else {
        entries.append(try Self.entry(member.key, member.value, path))
      }
    }
    try self.init(
      entries: entries, metadata: metadata, longTexts: document.parts, text: text,
      fileSize: fileSize, path: path)
  }

  private static func metadata(
    _ value: JSONValue, _ long: [String: JSONPart], _ path: String
  ) throws(FileError) -> [String: String] {
    // MLX writes null where there is none, and the safetensors library reads it so.
    if case .null = value { return [:] }
    guard let members = value.members else {
      throw FileError(path, .malformed("\(metadataKey) is no JSON object"))
    }
    var metadata: [String: String] = [:]
    for member in members {
      if let part = long[member.key], part.isString { continue }
      guard let text = member.value.string else {
        throw FileError(
          path, .malformed("'\(member.key)' in \(metadataKey) is no string"))
      }
      metadata[member.key] = text
    }
    return metadata
  }

  private static func entry(_ name: String, _ value: JSONValue, _ path: String) throws(FileError)
    -> Entry
  {
    func malformed(_ what: String) -> FileError { FileError(path, .malformed(what), tensor: name) }
    guard let members = value.members else {
      throw malformed("the entry is no JSON object")
    }
    for member in members where !["dtype", "shape", "data_offsets"].contains(member.key) {
      throw malformed("the entry has a key '\(member.key)' that the format does not know")
    }
    guard let word = value["dtype"]?.string else {
      throw malformed("the entry has no 'dtype' that is a string")
    }
    guard bits(of: word) != nil else {
      throw FileError(path, .unsupported("the element type '\(word)'"), tensor: name)
    }
    guard let extents = integers(value["shape"]) else {
      throw malformed("the entry has no 'shape' that is an array of integers")
    }
    guard let shape = Shape(checking: extents) else {
      throw malformed("the shape \(extents) is out of range")
    }
    guard let offsets = integers(value["data_offsets"]), offsets.count == 2 else {
      throw malformed("the entry has no 'data_offsets' of two integers")
    }
    guard 0 <= offsets[0], offsets[0] <= offsets[1] else {
      throw malformed("the data_offsets \(offsets) are no range")
    }
    let type = ElementType(rawValue: word) ?? .opaque
    return Entry(
      tensor: TensorDescription(name: name, type: type, shape: shape), word: word,
      range: offsets[0]..<offsets[1])
  }

  private static func integers(_ value: JSONValue?) -> [Int]? {
    guard let elements = value?.elements else { return nil }
    let integers = elements.compactMap(\.integer)
    return integers.count == elements.count ? integers : nil
  }
}
