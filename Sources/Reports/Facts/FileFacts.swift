/// What a page says of a file beside what is in it.
package struct FileFacts: Sendable {
  package let path: String
  package let size: Int
  /// When it was last changed, in seconds since 1970.
  package let modified: Int
  /// Its SHA-256; nil where it was not taken.
  package let sha256: String?

  package init(path: String, size: Int, modified: Int, sha256: String?) {
    self.path = path
    self.size = size
    self.modified = modified
    self.sha256 = sha256
  }

  /// `2026-11-26 17:03 UTC`.
  var date: String {
    let days = Int((Double(modified) / 86400).rounded(.down))
    let (hour, minute) = ((modified - days * 86400) / 3600, (modified - days * 86400) / 60 % 60)
    let (year, month, day) = Self.civil(days)
    let parts = [month, day, hour, minute].map(Numbers.two)
    return "\(year)-\(parts[0])-\(parts[1]) \(parts[2]):\(parts[3]) UTC"
  }

  /// The Gregorian date of a day that is counted from 1970-01-01.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    // Years begin in March, so that the leap day is the last one of a year.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let isNextYear = month >= 10
    return (yearOfEra + era * 400 + (isNextYear ? 1 : 0), month + (isNextYear ? -9 : 3), day)
  }

  /// Files as a table.
  static func table(_ files: [FileFacts]) -> String {
    let most = 24
    let rows = files.prefix(most).map { file in
      [
        HTMLPage.code(file.path), Numbers.bytes(file.size), file.date,
        file.sha256.map { "<code class=\"digest\">\($0)</code>" } ?? "",
      ]
    }
    let hasDigests = files.contains { $0.sha256 != nil }
    let more = files.count - most
    return HTMLPage.table(
      label: "files", head: ["file", "size", "changed"] + (hasDigests ? ["SHA-256"] : []),
      rows: rows.map { hasDigests ? $0 : Array($0.dropLast()) }, numeric: [1])
      + (more > 0 ? "<p class=\"dim\">and \(more) more</p>" : "")
  }
}
