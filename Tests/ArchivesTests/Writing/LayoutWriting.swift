import AlbertArchives
import AlbertBytes
import SystemPackage
import AlbertTensors

extension ArchiveLayout {
  /// The whole file with these contents, in windows of an odd size, and what `checksums` became.
  func written(_ contents: [[UInt8]]) throws -> (file: [UInt8], checksums: [UInt32]) {
    let sink = try MemorySink(count: byteCount)
    var digests: [TensorDigest] = []
    for (index, content) in contents.enumerated() {
      var hasher = TensorHasher(digest)
      var start = 0
      for piece in pieces(of: index) {
        var place = piece.lowerBound
        while place < piece.upperBound {
          let end = min(start + 1001, start + piece.upperBound - place)
          let window = Array(content[start..<end])
          unsafe hasher.update(window.span.bytes)
          try unsafe sink.write(window.span.bytes, at: place)
          place += window.count
          start = end
        }
      }
      guard start == content.count else {
        throw FileError("test", .mismatch(of: "content", expected: "\(start)", found: "more"))
      }
      digests.append(hasher.digest)
    }
    let written = WrittenTensors(digests)
    try finish(written, to: sink)
    let file = sink.bytes.withBytes(0..<byteCount) { all in
      unsafe all.withUnsafeBytes { unsafe [UInt8]($0) }
    }
    return (file, written.checksums)
  }

  /// The file that holds `contents`.
  func file(_ contents: [[UInt8]]) throws -> [UInt8] { try written(contents).file }
}

extension TensorArchive {
  /// The bytes of every tensor, in the archive's order.
  func allBytes() throws -> [[UInt8]] { try tensors.map { try bytes(of: $0) } }
}

/// Tensors of every shape and of the types that a container knows, and made-up contents.
enum Assortment {
  static let shapes = [[], [1], [7], [3, 5], [0], [2, 0, 3], [1, 2, 3, 4], [513]]

  static func tensors(_ types: [ElementType], separator: String = ".") -> [TensorDescription] {
    types.flatMap { type in
      shapes.enumerated().map { index, shape in
        TensorDescription(
          name: "block\(separator)\(type.name)\(separator)\(index)", type: type,
          shape: Shape(shape))
      }
    }
  }

  static func contents(of tensors: [TensorDescription]) -> [[UInt8]] {
    tensors.enumerated().map { index, tensor in
      // Bytes that are a valid truth value too.
      (0..<tensor.byteCount).map {
        tensor.type == .bool ? UInt8($0 & 1) : UInt8(truncatingIfNeeded: $0 &* 31 &+ index)
      }
    }
  }

  /// Tensors whose sizes add up to more than any file can hold.
  static let huge = (0..<9).map {
    TensorDescription(name: "huge.\($0)", type: .float64, shape: Shape([1 << 54]))
  }
}
