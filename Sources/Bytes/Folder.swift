public import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The listing of a folder.
public enum Folder {
  /// The most entries that a folder with a model in it may have.
  static let mostEntries = 100_000

  /// The names in `folder`, sorted, without `.` and `..`.
  public static func names(in folder: FilePath) throws(FileError) -> [String] {
    guard let handle = unsafe folder.withPlatformString({ unsafe opendir($0) }) else {
      throw FileError(folder.string, .system(operation: "list the folder", errno: errno))
    }
    defer { unsafe _ = closedir(handle) }
    var names: [String] = []
    while let entry = unsafe readdir(handle) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name != ".", name != ".." else { continue }
      guard names.count < mostEntries else {
        throw FileError(
          folder.string,
          .limit(of: "the number of entries", value: names.count + 1, most: mostEntries))
      }
      names.append(name)
    }
    return names.sorted()
  }
}
