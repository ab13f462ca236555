package import AlbertBytes

extension TensorArchive {
  /// Hands over the elements of a parameter in the order of another layout, in windows that hold whole ones:
  /// as they are read where that is theirs, else turned, the whole tensor at once or panel by panel where it
  /// is large.
  ///
  /// - Parameters:
  ///   - tensor: The tensor as the file has it.
  ///   - stored: Its layout.
  ///   - layout: The layout that is wanted, of which only the order of rows and columns counts: what stands
  ///     before or behind the parameter's own rows is left out.
  ///   - canonical: The parameter's canonical shape.
  ///   - body: Takes the windows in order.
  ///
  /// Throws what `read` and `body` do.
  package func readElements(
    of tensor: TensorDescription, _ stored: Layout, as layout: Layout, canonical: Shape,
    _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    let d = canonical.dimensions
    guard stored.transposes == layout.transposes else {
      let (rows, columns) = stored.transposes ? (d[1], d[0]) : (d[0], d[1])
      return try bytesInAnyOrder(of: tensor).streamTransposed(
        rows: rows, columns: columns, elementSize: tensor.type.size, body)
    }
    let rowSize = (d.last ?? 0) * tensor.type.size
    var skipped = stored == .afterPaddingRow ? rowSize : 0
    // What repeats ends with its first row.
    var left = stored == .repeatedRow ? rowSize : Int.max
    try readWholeElements(of: tensor) { (window) throws(FileError) in
      let count = min(skipped, window.byteCount)
      skipped -= count
      let end = count + min(left, window.byteCount - count)
      left -= end - count
      if count < end { try body(window.extracting(count..<end)) }
    }
  }

  /// A parameter's elements in canonical order, to be read in any: in the file itself where they lie there
  /// so.
  ///
  /// Throws what `readElements` does.
  package func canonicalBytes(
    of tensor: TensorDescription, _ stored: Layout, canonical: Shape
  ) throws(FileError) -> TensorBytes {
    if Layout.canonical.hasBytes(of: stored) { return try bytesInAnyOrder(of: tensor) }
    return try TensorBytes(count: canonical.count * tensor.type.size) {
      (body) throws(FileError) in
      try readElements(of: tensor, stored, as: .canonical, canonical: canonical, body)
    }
  }
}
