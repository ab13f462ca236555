public import JSON
public import NativeFormat

/// What `albert check` found, as text and as JSON.
public struct CheckReport: Sendable {
  /// The file.
  public let path: String
  /// How many tensors were checked.
  public let tensors: Int
  /// The bytes of their data.
  public let byteCount: Int
  /// Those whose bytes are not what was written.
  public let failures: [NativeModel.Failure]

  /// States the result.
  public init(path: String, tensors: Int, byteCount: Int, failures: [NativeModel.Failure]) {
    self.path = path
    self.tensors = tensors
    self.byteCount = byteCount
    self.failures = failures
  }

  /// Whether every digest holds.
  public var holds: Bool { failures.isEmpty }

  /// The result in words.
  public func lines(terminal: Terminal) -> [String] {
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
  public var json: JSONValue {
    JSONReport.document([
      JSONMember("result", .string(holds ? "pass" : "fail")),
      JSONMember("path", .string(path)),
      JSONMember("tensors", .count(tensors)),
      JSONMember(
        "failures",
        .array(
          failures.map {
            .object([
              JSONMember("tensor", .string($0.tensor)), JSONMember("message", .string($0.message)),
            ])
          })),
    ])
  }
}
