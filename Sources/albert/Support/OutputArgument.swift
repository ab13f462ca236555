import ArgumentParser
import Bytes
import SystemPackage

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
