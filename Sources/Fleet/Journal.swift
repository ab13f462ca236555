package import AlbertBytes
package import AlbertJSON
package import SystemPackage
internal import AlbertPlatform

/// What is finished of long work, written down line by line, so that work which was interrupted goes on
/// where it stopped.
package final class Journal {
  /// Where it is.
  package let path: FilePath
  /// What was finished before.
  package private(set) var entries: [JSONValue] = []
  private let file: FileDescriptor

  private static let mark = "albert_journal"
  /// A journal of a hundred thousand models has less.
  private static let largest = 1 << 30

  /// Opens the journal of `work` at `path`, or begins one.
  ///
  /// Throws where another file is there, or the journal of other work.
  package init(_ path: FilePath, of work: String) throws(FileError) {
    self.path = path
    do {
      file = try FileDescriptor.open(
        path, .readWrite, options: [.create, .append, .noFollow, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead], retryOnInterrupt: true)
    } catch {
      throw FileError(
        path.string,
        .system(operation: "open the journal", errno: (error as? Errno)?.rawValue ?? -1),
        remedy: "name an output in a folder that can be written to")
    }
    do throws(FileError) {
      try takeUp(work)
    } catch {
      try? file.close()
      throw error
    }
  }

  deinit { try? file.close() }

  private func takeUp(_ work: String) throws(FileError) {
    let bytes = try content()
    if bytes.isEmpty {
      try write(.object([JSONMember(Self.mark, .integer(1)), JSONMember("work", .string(work))]))
      return
    }
    let lines = bytes.split(separator: 0x0A)
    guard let head = lines.first.flatMap(Self.value), head[Self.mark]?.integer == 1,
      head["work"]?.string == work
    else { throw other }
    // The last line is torn where the machine stopped in the middle of it.
    entries = lines.dropFirst().compactMap(Self.value)
    if bytes.last != 0x0A { try write(bytes: [0x0A]) }
  }

  /// What is in it, read through the file that is open: its mode may not let it be opened again.
  private func content() throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var window = [UInt8](repeating: 0, count: 1 << 16)
    do {
      guard try file.stat().type == .regular else { throw other }
      while true {
        let count = try unsafe window.withUnsafeMutableBytes {
          try unsafe file.read(
            fromAbsoluteOffset: Int64(bytes.count), into: $0, retryOnInterrupt: true)
        }
        if count == 0 { return bytes }
        bytes += window[..<count]
        guard bytes.count <= Self.largest else { throw other }
      }
    } catch {
      throw error as? FileError
        ?? FileError(
          path.string,
          .system(operation: "read the journal", errno: (error as? Errno)?.rawValue ?? -1))
    }
  }

  /// Writes down what is finished.
  package func add(_ entry: JSONValue) throws(FileError) { try write(entry) }

  /// Removes the journal: all is done, be it by somebody else who did the same at once.
  package func remove() throws(FileError) {
    guard unsafe path.withPlatformString({ unsafe unlink($0) }) == 0 || errno == ENOENT else {
      throw FileError(path.string, .system(operation: "remove the journal", errno: errno))
    }
  }

  private func write(_ value: JSONValue) throws(FileError) {
    try write(bytes: Array(value.text(escaping: .whatMust).utf8) + [0x0A])
  }

  private func write(bytes: [UInt8]) throws(FileError) {
    do {
      _ = try file.writeAll(bytes)
    } catch {
      throw FileError(
        path.string,
        .system(operation: "write the journal", errno: (error as? Errno)?.rawValue ?? -1),
        remedy: "make room there, then run the same command again: it goes on where it stopped")
    }
  }

  private static func value(_ line: ArraySlice<UInt8>) -> JSONValue? {
    try? JSONValue.parse(Array(line), path: "a line of the journal")
  }

  private var other: FileError {
    FileError(
      path.string,
      .rejected(code: "other-journal", message: "this is no journal of the same work"),
      remedy: "name another output, or remove it")
  }
}
