extension Collection<UInt8> {
  /// The lines of a text, blank ones too; an end of line at the very end begins no further one.
  package var textLines: [String] {
    var lines = split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { line in
      let endsWithReturn = line.suffix(1).elementsEqual([UInt8(ascii: "\r")])
      return String(decoding: endsWithReturn ? line.dropLast() : line, as: UTF8.self)
    }
  }
}
