internal import AlbertBytes

/// What a report that is written to a file is, known by the file's ending.
package enum ReportKind: String, CaseIterable, Sendable {
  /// A page to look at.
  case page = "html"
  /// JUnit's XML, which build servers show test by test.
  case junit = "xml"
  /// A summary in Markdown, for a pull request or a job's summary.
  case markdown = "md"
  /// The document that `--json` prints.
  case document = "json"

  /// The kind of a file's name; nil for any other ending.
  package init?(ending name: String) {
    let name = name.lowercased()
    guard let kind = Self.allCases.first(where: { name.hasSuffix(".\($0.rawValue)") }) else {
      return nil
    }
    self = kind
  }

  /// What a user calls it.
  package var title: String {
    switch self {
    case .page: "page"
    case .junit: "JUnit report"
    case .markdown: "Markdown summary"
    case .document: "JSON report"
    }
  }

  /// Bytes of a file's beginning that tell whether it is such a report.
  package static let headSize = 1024

  /// What a report of each kind has at its beginning and nothing else has.
  var mark: String {
    switch self {
    case .page: "<meta name=\"generator\" content=\"albert\">"
    case .junit: "<testsuites name=\"albert "
    case .markdown: "<!-- albert -->"
    case .document: "{\n  \"schema_version\": \(JSONReport.schemaVersion),\n  \"result\": \""
    }
  }

  /// Whether a file that begins so is a report of this kind and this tool's, which a new one may take the
  /// place of.
  package func isOwn(_ head: [UInt8]) -> Bool {
    let text = String(decoding: head, as: UTF8.self)
    return switch self {
    case .page, .junit: text.contains(mark)
    case .markdown, .document: text.hasPrefix(mark)
    }
  }
}
