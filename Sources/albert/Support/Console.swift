import Albert
import Bytes
import JSON
import Reports

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The tool's two streams: the result on standard output, all else on standard error.
///
/// Where standard output carries a file, the result goes to standard error too.
struct Console {
  /// What the stream of the result can show.
  let output: Terminal
  /// What standard error can show.
  let error = Terminal.standardError
  /// Whether the result is a JSON document.
  let isJSON: Bool
  private let resultStream: Int32

  /// The streams of a command, whose outputs may have taken the standard one.
  init(isJSON: Bool, isOutputTaken: Bool = false) {
    self.isJSON = isJSON
    output = isOutputTaken ? .standardError : .standardOutput
    resultStream = isOutputTaken ? STDERR_FILENO : STDOUT_FILENO
  }

  /// Prints the result: the document with `--json`, the lines otherwise.
  func result(_ lines: [String], json: @autoclosure () -> JSONValue) {
    write(isJSON ? json().text(pretty: true) : lines.joined(separator: "\n"), to: resultStream)
  }

  /// Prints lines on standard error.
  func note(_ lines: [String]) {
    if !lines.isEmpty { write(lines.joined(separator: "\n"), to: STDERR_FILENO) }
  }

  /// Prints findings on standard error, one per line.
  func findings(_ findings: [Finding]) {
    note(FindingReport.lines(findings, terminal: error))
  }

  /// Prints an error: the document with `--json`, and always the closing line.
  func failure(_ failure: FileError) {
    if isJSON { write(JSONReport.error(failure).text(pretty: true), to: STDOUT_FILENO) }
    note([error.styled("albert: error:", .red) + " " + Terminal.shown(failure.description)])
  }

  private func write(_ text: String, to descriptor: Int32) {
    let bytes = Array((text + "\n").utf8)
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Self.write(
          descriptor, UnsafeRawBufferPointer(rebasing: $0[done...]))
      }
      guard count > 0 else { return }
      done += count
    }
  }

  private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #else
      unsafe Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }
}
