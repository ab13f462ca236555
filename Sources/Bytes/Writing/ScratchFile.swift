internal import AlbertPlatform
internal import SystemPackage

/// A file without a name in the folder for temporary ones, for bytes that are too many for memory.
///
/// It is gone with the last who reads or writes it, whatever becomes of the process.
package final class ScratchFile: ByteSink {
  private let calls: FileSystemCalls
  private let descriptor: SharedDescriptor

  /// Makes one.
  ///
  /// Throws where the folder takes none.
  package init() throws(FileError) {
    calls = FileSystemCalls.current
    descriptor = SharedDescriptor(try Self.make(calls))
  }

  private static func make(_ calls: FileSystemCalls) throws(FileError) -> Descriptor {
    let folder = TemporaryFolder.path
    if let file = try? calls.openNameless(in: folder) { return file }
    do throws(Errno) {
      let name = HiddenName(.part, beside: folder.appending("albert-scratch")).path
      let file = try calls.create(name, mode: 0o600)
      try calls.unlink(name)
      return file
    } catch {
      throw FileError(making: "a temporary file", for: folder, errno: error.rawValue)
    }
  }

  /// Writes `bytes` at `offset`.
  package func write(_ bytes: RawSpan, at offset: Int) throws(FileError) {
    let folder = TemporaryFolder.path
    do throws(Errno) {
      try calls.write(all: bytes, to: descriptor.owner, at: offset, folder)
    } catch {
      throw FileError(folder.string, writing: "write a temporary file", error)
    }
  }

  /// What was written so far, for reading.
  package func reading() throws(FileError) -> SourceFile {
    try SourceFile(descriptor, path: TemporaryFolder.path)
  }
}

/// Where bytes wait that no output takes yet.
enum TemporaryFolder {
  static var path: FilePath {
    unsafe getenv("TMPDIR").map { unsafe FilePath(platformString: $0) } ?? "/tmp"
  }
}
