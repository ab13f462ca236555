package import AlbertBytes
internal import AlbertJSON

extension VerifyReport {
  /// The result as a file of one kind, made by `tool`.
  package func text(_ kind: ReportKind, tool: String) -> String {
    switch kind {
    case .page: html(tool: tool)
    case .junit: junit
    case .markdown: markdown
    case .document: json.text(pretty: true, escaping: .whatHides) + "\n"
    }
  }

  /// Why there is no result, as a file of one kind; nil for a page, which is looked at and not parsed.
  package static func text(
    _ kind: ReportKind, _ error: FileError, subject: String
  ) -> String? {
    switch kind {
    case .page: nil
    case .junit: junit(error, subject: subject)
    case .markdown: markdown(error, subject: subject)
    case .document: JSONReport.error(error).text(pretty: true, escaping: .whatHides) + "\n"
    }
  }
}
