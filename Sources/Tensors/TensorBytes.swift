package import AlbertBytes

/// The bytes of a tensor, to be read in any order.
///
/// What is small is held in memory. What is large stays in its file where it lies there as it is, and is
/// put into a temporary one elsewhere, so that memory does not grow with the tensor.
package enum TensorBytes: Sendable {
  case memory([UInt8])
  case file(SourceFile, Range<Int>)

  /// The largest tensor that is held in memory.
  package static let largestHeld = 16 << 20

  /// Holds `count` bytes that `produce` hands over in order.
  ///
  /// Where no temporary file can be had they are in memory, however many.
  package init(
    count: Int, largestHeld: Int = Self.largestHeld,
    _ produce: (_ body: (RawSpan) throws(FileError) -> Void) throws(FileError) -> Void
  ) throws(FileError) {
    var bytes: [UInt8] = []
    var scratch = count > largestHeld ? try? ScratchFile() : nil
    if scratch == nil { bytes.reserve(count) }
    var position = 0
    try produce { (window) throws(FileError) in
      if let file = scratch {
        if (try? file.write(window, at: position)) != nil {
          position += window.byteCount
          return
        }
        // Its disk is full, say.
        try file.reading().stream(0..<position) { (window) throws(FileError) in
          bytes.append(window)
        }
        scratch = nil
      }
      bytes.append(window)
    }
    if let scratch {
      self = .file(try scratch.reading(), 0..<position)
    } else {
      self = .memory(bytes)
    }
  }

  /// How many there are.
  package var count: Int {
    switch self {
    case .memory(let bytes): bytes.count
    case .file(_, let range): range.count
    }
  }

  /// Whether `window` repeats the bytes from `offset` on.
  package func repeats(_ window: RawSpan, at offset: Int) throws(FileError) -> Bool {
    guard window.byteCount <= count - offset else { return false }
    return try withBytes(offset..<offset + window.byteCount) { window.isEqual(to: $0) }
  }

  /// Hands over the bytes of a range, which must lie within `0..<count`.
  package func withBytes<R>(
    _ part: Range<Int>, _ body: (RawSpan) throws(FileError) -> R
  ) throws(FileError) -> R {
    switch self {
    case .memory(let bytes):
      return try unsafe body(bytes.span.bytes.extracting(part))
    case .file(let file, let range):
      let bytes = try file.bytes(at: range.lowerBound + part.lowerBound, count: part.count)
      return try unsafe body(bytes.span.bytes)
    }
  }
}

extension TensorArchive {
  /// The bytes of a tensor, which were read once and found as the file's checksum wants them.
  ///
  /// Throws what `read` does, and `mismatch` where there are not as many as its shape says.
  package func bytesInAnyOrder(of tensor: TensorDescription) throws(FileError) -> TensorBytes {
    let bytes: TensorBytes
    if tensor.byteCount > TensorBytes.largestHeld, let place = place(of: tensor.name) {
      if place.isChecked { try read(tensor.name) { _ in } }
      bytes = .file(place.file, place.range)
    } else {
      bytes = try TensorBytes(count: tensor.byteCount) { (body) throws(FileError) in
        try read(tensor.name, body)
      }
    }
    guard bytes.count == tensor.byteCount else {
      throw FileError(
        path,
        .mismatch(
          of: "the tensor's content", expected: "\(tensor.byteCount) bytes",
          found: "\(bytes.count) bytes"), tensor: tensor.name)
    }
    return bytes
  }
}
