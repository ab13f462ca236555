internal import AlbertBytes

/// What an HDF5 file holds, as a worker described it and the parent checked it.
struct HDF5Description: Sendable {
  /// Datasets in the order of their paths, as the file's groups list them.
  private(set) var datasets: [HDF5Dataset] = []
  /// Text attributes by the path of their holder and their name; of each group at least no attribute.
  private(set) var attributes: [String: [String: [String]]] = [:]
  /// Soft, external and user-defined links, and links back to a group that was seen, none of which
  /// is followed.
  private(set) var skippedLinks = 0
  /// Whether the worker was shut off from all but the file.
  private(set) var wasConfined = true

  /// Takes in a worker's whole answer.
  ///
  /// Throws the first thing that is wrong with it.
  init(_ process: HDF5Process, of window: HDF5Window) throws(FileError) {
    var records: [(path: String, record: HDF5Record)] = []
    var holder: String?
    loop: while true {
      let frame = try process.frame()
      var cursor = ByteCursor(frame.body, path: window.file.path.string)
      switch frame.kind {
      case .group:
        let path = try Self.path(frame.body, in: window)
        attributes[path] = attributes[path] ?? [:]
        holder = path
      case .dataset:
        guard let record = try? HDF5Record(&cursor) else { throw process.garbage() }
        let path = try Self.path(record.path, in: window)
        records.append((path, record))
        holder = path
      case .attribute:
        guard let holder, let (name, values) = try? Self.attribute(&cursor) else {
          throw process.garbage()
        }
        attributes[holder, default: [:]][name] = values
      case .skipped:
        guard let count = try? cursor.littleEndian(UInt32.self) else { throw process.garbage() }
        skippedLinks = Int(count)
      case .unconfined:
        wasConfined = false
      case .end:
        break loop
      case .hello, .data, .failure:
        throw process.garbage()
      }
    }
    var paths: Set<String> = []
    for (path, record) in records {
      guard paths.insert(path).inserted else { throw process.garbage() }
      datasets.append(
        try HDF5Dataset(record, path: path, attributes: attributes[path] ?? [:], in: window))
    }
    try checkOverlaps(records.map(\.record.address), window)
    joinSplitLists()
  }

  /// Two datasets share bytes only where they are one under two names.
  private func checkOverlaps(_ addresses: [UInt64], _ window: HDF5Window) throws(FileError) {
    var extents: [(range: Range<Int>, address: UInt64, path: String)] = []
    for (dataset, address) in zip(datasets, addresses) {
      if case .contiguous(let range) = dataset.storage {
        extents.append((range, address, dataset.path))
      }
    }
    extents.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    for (first, second) in zip(extents, extents.dropFirst())
    where second.range.lowerBound < first.range.upperBound {
      guard first.address == second.address, first.range == second.range else {
        throw FileError(
          window.file.path.string,
          .malformed("its data overlaps that of '\(second.path)'"),
          offset: second.range.lowerBound, tensor: first.path)
      }
    }
  }

  /// Keras splits a list that exceeds 64 KiB into `weight_names0`, `weight_names1`, …; such parts
  /// become one list again.
  private mutating func joinSplitLists() {
    for (holder, values) in attributes {
      for name in values.keys where name.hasSuffix("_names0") {
        let whole = String(name.dropLast())
        guard values[whole] == nil else { continue }
        var joined: [String] = []
        var part = 0
        while let values = values[whole + String(part)] {
          joined += values
          attributes[holder]?[whole + String(part)] = nil
          part += 1
        }
        attributes[holder]?[whole] = joined
      }
    }
  }

  private static func attribute(
    _ cursor: inout ByteCursor
  ) throws(FileError) -> (String, [String]) {
    let name = String(decoding: try cursor.hdf5Text(), as: UTF8.self)
    let count = Int(try cursor.littleEndian(UInt32.self))
    guard count <= cursor.remaining / 4 else { throw cursor.malformed("a count") }
    var values: [String] = []
    values.reserveCapacity(count)
    for _ in 0..<count {
      values.append(String(decoding: try cursor.hdf5Text(), as: UTF8.self))
    }
    guard cursor.isAtEnd else { throw cursor.malformed("bytes after an attribute") }
    return (name, values)
  }

  private static func path(
    _ bytes: [UInt8], in window: HDF5Window
  ) throws(FileError) -> String {
    guard let path = String(validating: bytes, as: UTF8.self) else {
      throw FileError(
        window.file.path.string,
        .malformed("the name '\(HDF5Record.printable(bytes))' is not valid UTF-8"))
    }
    return path
  }
}
