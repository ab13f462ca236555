extension RawSpan {
  /// Takes bytes that were read out of the process's memory, where they are a mapped file's.
  package func release(_ range: Range<Int>) {
    unsafe extracting(range).withUnsafeBytes { unsafe MappedBytes.release($0) }
  }
}
