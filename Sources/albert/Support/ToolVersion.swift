/// The tool's version.
enum ToolVersion {
  /// What `--version` prints.
  static let text = "1.0.0"
  /// What a native file carries as its writer.
  static let writer = "albert \(text)"
}
