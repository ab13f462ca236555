extension BidirectionalCollection<UInt8> {
  /// The lines of a text byte for byte, blank ones too, without their ends of either way of writing; an
  /// end of line at the very end begins no further one.
  package var lines: [SubSequence] {
    var lines = split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
  }

  /// The lines as texts, with what is no UTF-8 repaired.
  package var textLines: [String] { lines.map { String(decoding: $0, as: UTF8.self) } }
}
