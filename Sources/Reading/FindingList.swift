internal import AlbertBytes
internal import AlbertArchitecture

/// The findings as they are shown.
enum FindingList {
  /// The most findings of one kind that are shown; a thousand would say no more.
  static let maxOfOneKind = 40

  /// Errors first, and among them those that explain the others; of each kind the first ones.
  static func arranged(_ findings: [Finding]) -> [Finding] {
    var counts: [String: Int] = [:]
    var shown: [Finding] = []
    for finding in findings {
      let count = counts[finding.code, default: 0]
      counts[finding.code] = count + 1
      if count < maxOfOneKind { shown.append(finding) }
    }
    for (code, count) in counts.sorted(by: { $0.key < $1.key }) where count > maxOfOneKind {
      guard let sample = shown.first(where: { $0.code == code }) else { continue }
      shown.append(
        Finding(
          sample.severity, code: code, "\(count - maxOfOneKind) more findings of this kind",
          remedy: sample.advice))
    }
    return shown.ordered(by: rank)
  }

  /// What a user should read first: what the model is, then the config, then single tensors.
  private static func rank(_ finding: Finding) -> Int {
    switch (finding.severity, finding.code) {
    case (.error, let code) where code.hasPrefix("not-albert"): -1
    case (.error, "missing-tensor"): 2
    case (.error, "unexpected-tensor"): 1
    case (.error, _): 0
    case (.warning, _): 3
    case (.note, _): 4
    }
  }
}
