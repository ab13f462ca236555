import ArgumentParser
import AlbertBytes
import SystemPackage

/// A path to write to, with what a slash at its end says, which a mere path does not keep.
struct OutputPath: ExpressibleByArgument {
  /// The path.
  let path: FilePath
  /// Whether a slash ends it, which means a folder.
  let isFolder: Bool

  /// The path of the bytes that were given.
  init?(argument: String) {
    guard let path = FilePath(argument: argument) else { return nil }
    self.path = path
    isFolder = argument.hasSuffix("/") && !path.components.isEmpty
  }
}

extension OutputPath {
  /// The path of a single file.
  ///
  /// Throws where a slash says that a folder is meant.
  func file(for what: String) throws(FileError) -> FilePath {
    guard isFolder else { return path }
    throw FileError(
      path.string + "/",
      .rejected(
        code: "no-folder",
        message: "the slash at the end means a folder, and \(what) is one file"),
      remedy: path.isFolder
        ? "name a file in it" : "leave out the slash")
  }
}

/// A path to write to, as a user names it: `-` is standard output.
enum OutputArgument {
  /// The path that an argument means.
  static func path(_ argument: FilePath) -> FilePath {
    argument == "-" ? "/dev/stdout" : argument
  }

  /// What stands at the path that an argument means.
  static func place(_ argument: FilePath) throws(FileError) -> OutputPlace {
    try OutputPlace(path(argument))
  }

  /// Whether one of the outputs goes to standard output.
  static func useStandardOutput(_ arguments: [FilePath?]) -> Bool {
    arguments.contains { argument in
      argument.flatMap { try? place($0).isStandardOutput } ?? false
    }
  }
}
