import AlbertNodeCases

/// Counts of what became of tests, by operator and by reason.
struct ConformanceReport {
  private struct Row {
    var passed = 0
    var failed = 0
    var refused = 0
  }

  private var rows: [String: Row] = [:]
  private var reasons: [String: Int] = [:]
  private(set) var failures: [(name: String, reason: String)] = []
  private(set) var passed = 0
  private var refused = 0

  /// Counts a test under its operator; one of several operators counts as expanded.
  mutating func add(_ verdict: NodeVerdict) {
    let name =
      switch verdict.operators.count {
      case 0: "(not read)"
      case 1: verdict.operators[0]
      default:
        verdict.name.contains("_expanded") ? "(expanded)" : verdict.operators.joined(separator: "+")
      }
    switch verdict.outcome {
    case .passed:
      rows[name, default: Row()].passed += 1
      passed += 1
    case .failed(let reason):
      rows[name, default: Row()].failed += 1
      failures.append((verdict.name, reason))
    case .refused(let reason):
      rows[name, default: Row()].refused += 1
      reasons[reason, default: 0] += 1
      refused += 1
    }
  }

  func print() {
    Swift.print("passed failed refused  operator")
    for (name, row) in rows.sorted(by: { $0.key < $1.key }) {
      Swift.print(
        [row.passed, row.failed, row.refused].map { Self.padded("\($0)", 6) }.joined(separator: " ")
          + "  " + name)
    }
    Swift.print("\nrefused because of")
    for (reason, count) in reasons.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      Swift.print(Self.padded("\(count)", 6) + "  " + reason)
    }
    for (name, reason) in failures { Swift.print("FAILED \(name): \(reason)") }
    Swift.print("\n\(passed) passed, \(failures.count) failed, \(refused) refused")
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
