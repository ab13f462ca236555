internal import AlbertBytes
internal import AlbertTensors

extension SafetensorsHeader {
  /// The format's law: tensors whose sizes agree with shape and type fill the file from the end of
  /// the header to its last byte, without a gap, an overlap or a name that occurs twice.
  ///
  /// Any order of the data and any alignment are legal. `fileSize` is nil for a file yet to be
  /// written.
  func validate(fileSize: Int?, path: String) throws(FileError) {
    try FileError.limit(
      text.count, "the length of the header", most: Self.longestText, in: path, offset: 0)
    guard text.first == UInt8(ascii: "{") else {
      throw FileError(path, .malformed("the header does not begin with '{'"), offset: 8)
    }
    var names: Set<String> = []
    var end = 0
    for entry in entries {
      try check(entry, from: end, path)
      guard entry.tensor.name != Self.metadataKey, names.insert(entry.tensor.name).inserted else {
        throw FileError(
          path, .malformed("the name occurs twice"), tensor: entry.tensor.name)
      }
      end = entry.range.upperBound
    }
    if let fileSize { try checkEnd(end, fileSize: fileSize, path) }
  }

  private func check(_ entry: Entry, from end: Int, _ path: String) throws(FileError) {
    let (tensor, range) = (entry.tensor, entry.range)
    guard let size = Self.size(of: entry) else {
      throw FileError(
        path, .malformed("\(entry.word) elements of shape \(tensor.shape) fill no whole bytes"),
        tensor: tensor.name)
    }
    guard range.count == size else {
      throw FileError(
        path,
        .mismatch(
          of: "the size of \(entry.word) \(tensor.shape)", expected: "\(size) bytes",
          found: "\(range.count) (data_offsets \(range.lowerBound) to \(range.upperBound))"),
        tensor: tensor.name,
        remedy: FileError.Problem.malformed("").usualRemedy)
    }
    guard range.lowerBound == end else {
      let what =
        range.lowerBound < end
        ? "the data overlaps the tensor before it by \(end - range.lowerBound) bytes"
        : "\(range.lowerBound - end) bytes before the data belong to no tensor"
      throw FileError(
        path, .malformed(what), offset: dataStart + range.lowerBound, tensor: tensor.name)
    }
  }

  private func checkEnd(_ end: Int, fileSize: Int, _ path: String) throws(FileError) {
    let available = fileSize - dataStart
    if end > available {
      let cut = entries.first { $0.range.upperBound > available }
      throw FileError(
        path,
        .truncated(
          what: "the data", needed: cut?.range.count ?? end,
          available: max(0, available - (cut?.range.lowerBound ?? 0))),
        offset: cut.map { dataStart + $0.range.lowerBound }, tensor: cut?.tensor.name)
    }
    if end < available {
      throw FileError(
        path, .malformed("\(available - end) bytes after the last tensor belong to none"),
        offset: dataStart + end)
    }
  }

  /// The bytes that shape and type demand; nil where they are not whole bytes.
  private static func size(of entry: Entry) -> Int? {
    guard let bits = bits(of: entry.word),
      let total = entry.tensor.shape.count.multiplied(by: bits), total % 8 == 0
    else { return nil }
    return total / 8
  }

  /// The bits of one element of the type that `word` names; nil for a word that the format lacks.
  static func bits(of word: String) -> Int? {
    if let type = ElementType(rawValue: word), type != .opaque { return type.size * 8 }
    switch word {
    case "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ": return 8
    case "F6_E2M3", "F6_E3M2": return 6
    case "F4": return 4
    default: return nil
    }
  }
}
