internal import AlbertPlatform
package import SystemPackage

/// The listing of a folder.
package enum Folder {
  /// The most entries that a folder with a model in it may have.
  static let maxEntries = 100_000

  /// The names in `folder`, sorted by their bytes, without `.` and `..`.
  package static func names(in folder: FilePath) throws(FileError) -> [FilePath.Component] {
    let entries: [FilePath.Component]
    do throws(Errno) {
      entries = try self.entries(in: folder, most: maxEntries)
    } catch {
      guard error == .overflow else {
        throw FileError(
          folder.string, .system(operation: "list the folder", errno: error.rawValue))
      }
      throw FileError(
        folder.string,
        .limit(of: "the number of entries", value: maxEntries + 1, most: maxEntries))
    }
    return entries.map { (name: $0, bytes: $0.bytes) }
      .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }.map(\.name)
  }

  /// The names in `folder` as the file system has them, in its order, without `.` and `..`.
  ///
  /// Throws `overflow` where there are more than `most`.
  static func entries(
    in folder: FilePath, most: Int = .max
  ) throws(Errno) -> [FilePath.Component] {
    guard let handle = unsafe folder.withPlatformString({ unsafe opendir($0) }) else {
      throw Errno(rawValue: errno)
    }
    defer { unsafe _ = closedir(handle) }
    var names: [FilePath.Component] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(handle) else {
        // A listing that broke off would pass for a shorter one.
        guard errno == 0 else { throw Errno(rawValue: errno) }
        return names
      }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CInterop.PlatformChar.self, capacity: 256) {
          unsafe FilePath.Component(platformString: $0)
        }
      }
      guard let name, name.kind == .regular else { continue }
      guard names.count < most else { throw .overflow }
      names.append(name)
    }
  }
}
