import AlbertArchitecture
import AlbertBytes
import AlbertJSON
import AlbertPlatform
import AlbertReports
import Synchronization
import SystemPackage

/// The tool's two streams: the result on standard output, all else on standard error.
///
/// Where standard output carries a file, the result goes to standard error too.
final class Console: Sendable {
  /// What the stream of the result can show.
  let output: Terminal
  /// What standard error can show.
  let error: Terminal
  /// Whether more is to be said than usual.
  let isVerbose: Bool
  /// Whether only the result and errors are to be said.
  let isQuiet: Bool
  /// Whether the result is a JSON document.
  let isJSON: Bool
  private let resultStream: Int32
  /// Whether the stream of the result took less than it was given.
  private let isCutShort = Atomic(false)

  /// The streams of a command, whose outputs may have taken the standard one.
  init(isJSON: Bool, isOutputTaken: Bool = false, _ options: ConsoleOptions? = nil) {
    self.isJSON = isJSON
    isVerbose = options?.verbose ?? false
    isQuiet = options?.quiet ?? false
    let color = options?.color ?? .auto
    error = .standardError(color)
    output = isOutputTaken ? error : .standardOutput(color)
    resultStream = isOutputTaken ? STDERR_FILENO : STDOUT_FILENO
  }

  /// Prints the result: the document with `--json`, the lines otherwise.
  ///
  /// A reader that wants no more of it, such as `head`, is not a failure; every other reason is thrown.
  func result(_ lines: [String], json: @autoclosure () -> JSONValue) throws(FileError) {
    try write(isJSON ? Self.text(json()) : output.fitted(lines).joined(separator: "\n"))
  }

  /// Prints lines on standard error, where failing could be told nobody.
  func note(_ lines: [String]) {
    if lines.isEmpty { return }
    try? StandardStreams.write(lines.joined(separator: "\n") + "\n", to: STDERR_FILENO)
  }

  /// Prints findings on standard error, one per line for scripts; of a quiet command only errors.
  func findings(_ findings: [Finding]) {
    let said = isQuiet ? findings.filter { $0.severity == .error } : findings
    let lines = FindingReport.lines(said, terminal: error)
    note(error.isInteractive ? lines.flatMap { error.wrapped($0, indentation: 2) } : lines)
  }

  /// Prints what a quiet command keeps to itself.
  func remark(_ line: String) {
    if !isQuiet { note([line]) }
  }

  /// Prints which files are read, where more is to be said.
  func reading(_ files: [SourceFile]) {
    guard isVerbose else { return }
    note(
      files.map {
        "albert: reading \(Terminal.shown($0.path.string)), \(Numbers.bytes($0.size))"
      })
  }

  /// Prints an error: the document with `--json`, and always the closing line.
  func failure(_ failure: FileError) {
    // Half a document is not mended by another one behind it.
    if isJSON, !isCutShort.load(ordering: .relaxed) {
      try? write(Self.text(JSONReport.error(failure)))
    }
    note([error.styled("albert: error:", .red) + " " + Terminal.shown(failure.text(\.option))])
  }

  private static func text(_ document: JSONValue) -> String {
    document.text(pretty: true, escaping: .whatHides)
  }

  private func write(_ text: String) throws(FileError) {
    do throws(Errno) {
      try StandardStreams.write(text + "\n", to: resultStream)
    } catch {
      isCutShort.store(true, ordering: .relaxed)
      if error == .brokenPipe || resultStream == STDERR_FILENO { return }
      throw FileError(
        "standard output", .system(operation: "write the result", errno: error.rawValue),
        remedy: "send it to where there is room, and can be written")
    }
  }
}
