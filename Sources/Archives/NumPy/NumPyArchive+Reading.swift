package import AlbertBytes
package import AlbertTensors

extension NumPyArchive {
  /// Hands on the elements in row-major order, little-endian, whatever the file holds.
  ///
  /// Column-major arrays are put aside while they are reordered; all others pass through a window.
  package func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    guard let place = places[name] else {
      throw absent(name)
    }
    let (header, type) = (place.header, place.header.type)
    guard type.type != .opaque else {
      let (problem, remedy) = type.reason
      throw FileError(
        files[0].path.string, .unsupported(problem), tensor: name, remedy: remedy)
    }
    try FileError.concerning(name) { () throws(FileError) in
      if header.isColumnMajor, header.shape.rank > 1 {
        try streamRowMajor(header.shape, elementSize: type.type.size, body) {
          (body) throws(FileError) in try stream(place, body)
        }
      } else {
        try stream(place, body)
      }
    }
  }

  /// A row-major, little-endian array that is not compressed lies in the file as it is.
  package func place(of name: String) -> TensorPlace? {
    guard let place = places[name], place.header.type.type != .opaque,
      place.header.type.swapUnit == nil, !place.header.isColumnMajor || place.header.shape.rank < 2
    else { return nil }
    guard let member = place.member else {
      return TensorPlace(files[0], place.header.dataStart..<files[0].size, isChecked: false)
    }
    guard member.method == .stored else { return nil }
    return TensorPlace(
      files[0], member.range.lowerBound + place.header.dataStart..<member.range.upperBound,
      isChecked: true)
  }

  /// Hands on whole elements in the file's own order, little-endian.
  private func stream(_ place: Place, _ body: (RawSpan) throws(FileError) -> Void)
    throws(FileError)
  {
    guard let unit = place.header.type.swapUnit else { return try streamAsStored(place, body) }
    try streamAsStored(place) { (window) throws(FileError) in
      let swapped = window.byteSwapped(unit: unit)
      try unsafe body(swapped.span.bytes)
    }
  }

  /// Hands on whole elements as they are stored.
  private func streamAsStored(_ place: Place, _ body: (RawSpan) throws(FileError) -> Void)
    throws(FileError)
  {
    let start = place.header.dataStart
    guard let zip, let member = place.member else {
      return try files[0].stream(start..<files[0].size, what: "the data", body)
    }
    switch member.method {
    case .stored:
      // Read from behind the header on, so that no element lies across two windows.
      var crc = CRC32()
      let first = member.range.lowerBound
      try zip.file.stream(first..<first + start, what: "the header") { (window) throws(FileError) in
        crc.update(window)
      }
      try zip.file.stream(first + start..<member.range.upperBound, what: "the data") {
        (window) throws(FileError) in
        crc.update(window)
        try body(window)
      }
      try zip.check(crc, of: member)
    case .deflated:
      var elements = WholePieces(of: place.header.type.type.size)
      var skip = start
      try zip.stream(member) { (window) throws(FileError) in
        let skipped = min(skip, window.byteCount)
        skip -= skipped
        try elements.take(window.extracting(skipped..<window.byteCount), body)
      }
    }
  }
}
