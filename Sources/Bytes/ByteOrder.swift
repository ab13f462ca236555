extension [UInt8] {
  /// The lowest `count` bytes of a number, the lowest first.
  package init(littleEndian value: UInt64, count: Int) {
    self.init()
    reserveCapacity(count)
    append(littleEndian: value, count: count)
  }

  /// Adds the lowest `count` bytes of a number, the lowest first.
  package mutating func append(littleEndian value: UInt64, count: Int) {
    var rest = value
    for _ in 0..<count {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Reserves room for `count` bytes, in large pages where it is much.
  package mutating func reserve(_ count: Int) {
    reserveCapacity(count)
    unsafe withUnsafeMutableBufferPointer { memory in
      unsafe Machine.preferLargePages(under: memory.baseAddress, size: count)
    }
  }

  /// Adds the bytes of a span.
  package mutating func append(_ span: RawSpan) {
    unsafe span.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }
}

extension String {
  /// A number with as many zeros before it as make it `digits` long.
  package init(_ value: UInt64, radix: Int = 10, digits: Int) {
    let text = String(value, radix: radix)
    self = String(repeating: "0", count: Swift.max(0, digits - text.utf8.count)) + text
  }
}
