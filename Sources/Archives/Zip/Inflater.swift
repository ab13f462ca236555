internal import AlbertBytes
internal import CAlbertZlib

/// A raw deflate stream being inflated by zlib, through buffers of fixed size.
@safe struct Inflater: ~Copyable {
  // zlib keeps a pointer back to this, so it must stay at one address.
  private let stream: UnsafeMutablePointer<z_stream>

  init() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let status = unsafe inflateInit2_(
      stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib cannot begin to inflate")
  }

  deinit {
    unsafe _ = inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Inflates the member's range, which must hold exactly one stream, and hands on what comes out.
  ///
  /// Stops as soon as more comes out than the directory states.
  mutating func run(
    _ file: SourceFile, _ member: ZipMember, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    func failure(_ what: String) -> FileError {
      FileError(
        file.path.string, .malformed("the zip member '\(member.name)' \(what)"),
        offset: member.range.lowerBound)
    }
    // One byte more than stated, so that a stream that goes on shows itself.
    var output = [UInt8](
      repeating: 0, count: min(SourceFile.windowSize, member.size.adding(1) ?? .max))
    var total = 0
    var ended = false
    try file.stream(member.range, window: 1 << 18) { (input) throws(FileError) in
      guard !ended else { throw failure("holds bytes after the end of its compressed data") }
      var consumed = 0
      while true {
        let step = inflate(input, from: consumed, into: &output)
        consumed += step.consumed
        total += step.produced
        guard step.status == Z_OK || step.status == Z_STREAM_END || step.status == Z_BUF_ERROR
        else { throw failure("is not valid deflate data") }
        guard total <= member.size else {
          throw failure("holds more than the \(member.size) bytes stated")
        }
        if step.produced > 0 { try unsafe body(output.span.bytes.extracting(0..<step.produced)) }
        if step.status == Z_STREAM_END {
          ended = true
          guard consumed == input.byteCount else {
            throw failure("holds bytes after the end of its compressed data")
          }
          return
        }
        // A full output may hide more; otherwise all input was used.
        if step.produced < output.count { return }
      }
    }
    guard ended else { throw failure("ends inside its compressed data") }
  }

  /// What the first bytes of a stream inflate to, `count` bytes at most.
  mutating func head(_ input: RawSpan, count: Int) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: count)
    let produced = inflate(input, from: 0, into: &output).produced
    return Array(output[..<produced])
  }

  private mutating func inflate(
    _ input: RawSpan, from start: Int, into output: inout [UInt8]
  ) -> (status: Int32, consumed: Int, produced: Int) {
    unsafe input.withUnsafeBytes { source in
      unsafe output.withUnsafeMutableBytes { target in
        let available = source.count - start
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
          mutating: source.baseAddress?.advanced(by: start).assumingMemoryBound(to: UInt8.self))
        unsafe stream.pointee.avail_in = UInt32(available)
        unsafe stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_out = UInt32(target.count)
        let status = unsafe CAlbertZlib.inflate(stream, Z_NO_FLUSH)
        return unsafe (
          status, available - Int(stream.pointee.avail_in),
          target.count - Int(stream.pointee.avail_out)
        )
      }
    }
  }
}
