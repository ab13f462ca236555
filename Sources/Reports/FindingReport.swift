package import AlbertArchitecture
package import AlbertJSON

/// Findings, as lines and as JSON.
package enum FindingReport {
  /// One line per finding.
  package static func lines(_ findings: [Finding], terminal: Terminal) -> [String] {
    findings.map { finding in
      let style: Terminal.Style =
        switch finding.severity {
        case .error: .red
        case .warning: .yellow
        case .note: .dim
        }
      return terminal.styled("\(finding.severity.rawValue): ", style)
        + Terminal.shown(finding.sentence(\.option))
    }
  }

  /// The array that JSON documents hold.
  package static func json(_ findings: [Finding]) -> JSONValue {
    .array(of: findings) { finding in
      [
        "severity": .string(finding.severity.rawValue),
        "code": .string(finding.code),
        "message": .string(finding.sentence(\.option)),
        "tensor": .optional(finding.tensor),
      ]
    }
  }
}
