internal import AlbertBytes

/// A report in the XML that JUnit writes and build servers read.
struct JUnitReport {
  /// How a case ended.
  enum Outcome {
    case pass
    case failure(String)
    case error(String)
    case skipped(String)
  }

  /// One case of a suite.
  struct Case {
    let suite: String
    let name: String
    let outcome: Outcome
  }

  let command: String
  /// What was examined.
  let subject: String
  /// All cases; those of one suite lie together.
  let cases: [Case]

  /// The whole document.
  var text: String {
    var suites: [String] = []
    for item in cases where !suites.contains(item.suite) { suites.append(item.suite) }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="albert \(command)"\(Self.counts(cases))>
      \(suites.map(suite).joined(separator: "\n"))
      </testsuites>

      """
  }

  private func suite(_ name: String) -> String {
    let cases = cases.filter { $0.suite == name }
    return "<testsuite name=\"\(Self.escape(name))\"\(Self.counts(cases))>\n"
      + cases.map(markup).joined(separator: "\n") + "\n</testsuite>"
  }

  private func markup(_ item: Case) -> String {
    let head =
      "<testcase classname=\"\(Self.escape("\(subject).\(item.suite)"))\" "
      + "name=\"\(Self.escape(item.name))\""
    switch item.outcome {
    case .pass: return head + "/>"
    case .failure(let message):
      return head + "><failure message=\"\(Self.escape(message))\"/></testcase>"
    case .error(let message):
      return head + "><error message=\"\(Self.escape(message))\"/></testcase>"
    case .skipped(let message):
      return head + "><skipped message=\"\(Self.escape(message))\"/></testcase>"
    }
  }

  private static func counts(_ cases: [Case]) -> String {
    var (failures, errors, skipped) = (0, 0, 0)
    for item in cases {
      switch item.outcome {
      case .pass: break
      case .failure: failures += 1
      case .error: errors += 1
      case .skipped: skipped += 1
      }
    }
    return " tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
      + " skipped=\"\(skipped)\""
  }

  /// Text as it may stand in an attribute; what XML has no way to say is spelled out.
  private static func escape(_ text: String) -> String {
    Markup.escape(text, newline: "&#10;") { $0.isUnsafeToShow || $0.value & 0xFFFE == 0xFFFE }
  }
}
