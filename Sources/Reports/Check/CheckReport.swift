package import AlbertJSON
package import AlbertNativeFormat

/// What `albert check` found, as text and as JSON.
package struct CheckReport: Sendable {
  /// The file.
  package let path: String
  /// How many tensors were checked.
  package let tensors: Int
  /// The bytes of their data.
  package let byteCount: Int
  /// Those whose bytes are not what was written.
  package let failures: [NativeModel.Failure]

  package init(path: String, tensors: Int, byteCount: Int, failures: [NativeModel.Failure]) {
    self.path = path
    self.tensors = tensors
    self.byteCount = byteCount
    self.failures = failures
  }

  /// Whether every digest holds.
  package var holds: Bool { failures.isEmpty }

  /// The result in words.
  package func lines(terminal: Terminal) -> [String] {
    let path = Terminal.shown(path)
    let verdict =
      holds
      ? terminal.styled("ok", .green)
        + "  \(path): \(tensors) tensors, \(Numbers.bytes(byteCount)), every digest holds"
      : terminal.styled("damaged", .red) + "  \(path): \(failures.count) of \(tensors) tensors"
    return [verdict] + failures.map { "  \($0.tensor): \($0.message)" }
      + (holds ? [] : ["Convert the source again, or restore the file from a copy."])
  }

  /// The document that `--json` prints.
  package var json: JSONValue {
    JSONReport.document([
      "result": .string(holds ? "pass" : "fail"),
      "path": .string(path),
      "tensors": .count(tensors),
      "failures": .array(of: failures) {
        ["tensor": .string($0.tensor), "message": .string($0.message)]
      },
    ])
  }
}
