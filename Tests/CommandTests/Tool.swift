import AlbertBytes
import AlbertJSON
import AlbertPlatform
import AlbertTestSupport
import SystemPackage

/// The built tool, run as a user runs it.
enum Tool {
  /// How a run ended.
  struct Run {
    let status: Int32
    let output: String
    let errors: String

    /// The document on standard output.
    var json: JSONValue {
      get throws { try JSONValue.parse(Array(output.utf8), path: "standard output") }
    }
  }

  static let path = PackageFiles.tool

  /// Runs the tool; its standard error goes through a file in `scratch`.
  static func run(_ arguments: String..., in scratch: Scratch) throws -> Run {
    try run(arguments, in: scratch)
  }

  /// The same with a list of arguments.
  static func run(_ arguments: [String], in scratch: Scratch) throws -> Run {
    try shell(([path.string] + arguments).map(quoted).joined(separator: " "), in: scratch)
  }

  /// Runs a script in `scratch`, for which `$ALBERT` is the tool and `$SAMPLES` the package's samples.
  static func script(_ script: String, in scratch: Scratch) throws -> Run {
    let samples = PackageFiles.root.appending("samples").string
    return try shell(
      """
      cd "$d" && ALBERT="$albert" SAMPLES=\(quoted(samples)) sh -c \(quoted(script))
      """, in: scratch)
  }

  /// Runs a script in which `$albert` is the tool and `$d` the folder; its standard error goes through
  /// a file there.
  static func shell(_ script: String, in scratch: Scratch) throws -> Run {
    let errors = scratch.path("stderr")
    let command =
      "albert=" + quoted(path.string) + " d=" + quoted(scratch.folder.string) + "; { " + script
      + "\n} 2>" + quoted(errors.string)
    guard let pipe = unsafe popen(command, "r") else {
      throw FileError(path.string, .system(operation: "start the tool", errno: errno))
    }
    var bytes: [UInt8] = []
    var byte = unsafe fgetc(pipe)
    while byte != EOF {
      bytes.append(UInt8(truncatingIfNeeded: byte))
      byte = unsafe fgetc(pipe)
    }
    // The exit code is the second byte of what wait returns.
    let status = unsafe pclose(pipe) >> 8
    return Run(
      status: status, output: String(decoding: bytes, as: UTF8.self),
      errors: try scratch.text("stderr"))
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}
