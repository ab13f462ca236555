public import SystemPackage

/// What can name a file or a folder: a text or a `FilePath`.
///
/// A path relative to nothing is relative to the process's current folder. Names of files are bytes,
/// which a `FilePath` keeps whatever they are; a text is taken as UTF-8.
public protocol FilePathConvertible {
  /// The path.
  var filePath: FilePath { get }
}

extension FilePath: FilePathConvertible {
  /// The path itself.
  public var filePath: FilePath { self }
}

extension String: FilePathConvertible {}
extension Substring: FilePathConvertible {}

extension FilePathConvertible where Self: StringProtocol {
  /// The path that the text spells; a zero, which no path can hold, becomes a sign for it, so that none ends
  /// there unnoticed.
  public var filePath: FilePath {
    let scalars = unicodeScalars.map { $0 == "\0" ? "\u{2400}" : $0 }
    return FilePath(String(String.UnicodeScalarView(scalars)))
  }
}
