package import AlbertBytes

/// Where a tensor's bytes lie in a file as `TensorArchive.read` hands them over, so that they can be read
/// in any order.
package struct TensorPlace: Sendable {
  /// The file.
  package let file: SourceFile
  /// The bytes in it.
  package let range: Range<Int>
  /// Whether reading the tensor from front to back compares it with a checksum.
  package let isChecked: Bool

  /// States where a tensor lies.
  package init(_ file: SourceFile, _ range: Range<Int>, isChecked: Bool) {
    self.file = file
    self.range = range
    self.isChecked = isChecked
  }
}
