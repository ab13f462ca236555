internal import AlbertArchitecture

extension HTMLPage {
  /// Findings as a list, each marked by how much it matters.
  static func findings(_ findings: [Finding]) -> String {
    "<ul class=\"findings\">"
      + findings.map {
        "<li class=\"\($0.severity.rawValue)\"><b>\($0.severity.rawValue)</b> "
          + escape($0.sentence(\.option)) + "</li>"
      }.joined(separator: "\n") + "</ul>"
  }

  /// Large numbers or words, each over what it is.
  ///
  /// Values are markup.
  static func big(_ values: [(label: String, value: String)]) -> String {
    "<div class=\"big\">"
      + values.map { "<div><b>\($0.value)</b><span>\(escape($0.label))</span></div>" }.joined()
      + "</div>"
  }
}
