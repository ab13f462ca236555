internal import AlbertArchitecture
package import AlbertReading
internal import AlbertTensors

/// What a page says of a model, to be set beside another one's.
package struct ModelCard: Sendable {
  /// The path as the user gave it.
  package let path: String
  /// Its rows, in the order in which all cards have them.
  private let rows: [(key: String, value: String)]
  package let files: [FileFacts]

  /// The card of a source.
  package init(_ inspection: Inspection, files: [FileFacts]) {
    path = inspection.path.string
    self.files = files
    let count = StoredCount(inspection)
    let parameters = inspection.assignments.filter { $0.parameter != nil }
    let types = Set(parameters.map(\.tensor.type.name)).sorted()
    rows =
      [
        ("format", inspection.format), ("publisher", inspection.candidate.upstream.title),
        ("parameters", Numbers.grouped(count.unique)),
        ("element types", types.joined(separator: ", ")),
        ("size", Numbers.bytes(files.reduce(0) { $0 + $1.size })),
        ("changed", files.map(\.date).max() ?? ""),
        ("pooler", inspection.contents.pooler ? "yes" : "no"),
        ("heads", inspection.contents.heads.joined(separator: ", ")),
      ] + (inspection.config.map(ConfigReport.rows) ?? [])
  }

  /// Two models side by side; rows in which they differ are marked.
  static func sideBySide(_ a: ModelCard, _ b: ModelCard, titles: [String]) -> String {
    let keys =
      a.rows.map(\.key)
      + b.rows.map(\.key).filter { key in
        !a.rows.contains { $0.key == key }
      }
    func value(_ card: ModelCard, _ key: String) -> String {
      card.rows.first { $0.key == key }?.value ?? ""
    }
    let rows = keys.map { ($0, value(a, $0), value(b, $0)) }
    let marked = rows.indices.filter { rows[$0].1 != rows[$0].2 }
    return HTMLPage.table(
      label: "both models", head: ["what"] + titles,
      rows: rows.map { key, a, b in
        [HTMLPage.escape(key), HTMLPage.escape(a), HTMLPage.escape(b)]
      }, marked: Set(marked))
      + "<p class=\"dim\">Rows in which the two differ are shaded.</p>"
      + FileFacts.table(a.files + b.files)
  }
}
