internal import AlbertBytes
package import AlbertJSON
package import AlbertTensors

/// The header of a safetensors file: what each tensor is, and where its bytes lie.
///
/// The file is an eight-byte length, that many bytes of JSON, and the data of all tensors. Readers
/// and writers make a header through this type, whose `validate` is the format's law.
package struct SafetensorsHeader: Equatable, Sendable {
  /// One tensor as the header states it.
  package struct Entry: Equatable, Sendable {
    /// The tensor.
    package let tensor: TensorDescription
    /// The word for the element type as written; several have no type here and are `opaque`.
    package let word: String
    /// Where the bytes lie, counted from the start of the data.
    package let range: Range<Int>
  }

  /// All tensors, in the order of their data.
  package let entries: [Entry]
  /// The text of `__metadata__` by key.
  package let metadata: ArchiveMetadata
  /// The texts of `__metadata__` that are too long to be made unless they are asked for.
  package let longTexts: [String: JSONPart]
  /// The JSON text with its padding, byte for byte.
  package let text: [UInt8]

  /// The key under which the header speaks of itself.
  package static let metadataKey = "__metadata__"
  /// The longest text that any reader accepts: the `safetensors` library's own limit.
  package static let longestText = 100_000_000
  /// The longest text of `__metadata__` that is made at once.
  package static let longestShortText = 1 << 14
  /// The bytes that state the length.
  package static let lengthSize = 8

  /// Where the data starts in the file.
  package var dataStart: Int { Self.lengthSize + text.count }

  /// The size of the whole file.
  package var fileSize: Int { dataStart + (entries.last?.range.upperBound ?? 0) }

  /// The length and the text: what stands in the file before the data.
  package var bytes: [UInt8] {
    [UInt8](littleEndian: UInt64(text.count), count: Self.lengthSize) + text
  }

  /// Where the bytes of `entry` lie in the file.
  package func place(of entry: Entry) -> Range<Int> {
    dataStart + entry.range.lowerBound..<dataStart + entry.range.upperBound
  }

  /// A header of known parts, put into the order of the data.
  ///
  /// Throws where they break the format's law.
  init(
    entries: [Entry], metadata: [String: String], longTexts: [String: JSONPart] = [:],
    text: [UInt8],
    fileSize: Int?, path: String
  ) throws(FileError) {
    self.entries = entries.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    self.metadata = ArchiveMetadata(
      metadata,
      long: longTexts.mapValues { part in
        { part.string }
      })
    self.longTexts = longTexts
    self.text = text
    try validate(fileSize: fileSize, path: path)
  }
}
