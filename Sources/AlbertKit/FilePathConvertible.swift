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
  /// The path that the text spells.
  public var filePath: FilePath { FilePath(String(self)) }
}
