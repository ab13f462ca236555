import AlbertBytes
import AlbertPlatform
import SystemPackage

/// What others send to the tool.
enum StandardInput {
  /// The most bytes that are taken.
  private static let most = 1 << 30

  /// All of it, with what is not UTF-8 repaired.
  static func text() throws(FileError) -> String {
    String(decoding: try bytes(), as: UTF8.self)
  }

  /// Its lines, without their ends: empty ones too, so that what is made of them can be told by its place;
  /// an end of line at the very end begins no further one.
  static func lines() throws(FileError) -> [String] { try bytes().textLines }

  /// Its lines byte for byte, as paths are.
  static func rawLines() throws(FileError) -> [ArraySlice<UInt8>] { try bytes().lines }

  private static func bytes() throws(FileError) -> [UInt8] {
    var all: [UInt8] = []
    var window = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe window.withUnsafeMutableBytes {
        unsafe read(STDIN_FILENO, $0.baseAddress, $0.count)
      }
      if count == 0 { return all }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError("standard input", .system(operation: "read the texts", errno: errno))
      }
      all += window[..<count]
      guard all.count <= most else {
        throw FileError(
          "standard input",
          .limit(of: "the number of bytes", value: all.count, most: most),
          remedy: "send the texts in several runs")
      }
    }
  }
}
