internal import AlbertArchitecture
internal import AlbertBytes

/// Lines of text as inputs of two models.
struct ReadTexts {
  /// Batches of lines, in their order.
  let probes: [Probe]
  /// All lines as one batch of the subject's.
  let whole: ModelInputs
  /// What is told of them.
  let summary: TextSummary
  /// What was noticed.
  let findings: [Finding]
}

/// What a verification tells of the texts that it was made on.
package struct TextSummary: Equatable, Sendable {
  /// The file.
  package let path: String
  /// The lines of each batch, counted from 1.
  package let lines: [[Int]]
  /// How many exceeded the positions.
  package let cut: Int
  /// How many have other ids on the two sides.
  package let otherIDs: Int

  /// How many lines were computed.
  package var count: Int { lines.reduce(0) { $0 + $1.count } }
}

/// Lines on their way to batches.
struct TextRows {
  struct Row {
    let line: Int
    let subject: [Int]
    let reference: [Int]
  }

  let path: String
  var rows: [Row] = []
  /// Lines that exceed the positions.
  var cut: [Int] = []
  /// Lines that have other ids on the two sides.
  var otherIDs: [Int] = []
  /// Lines that have no token, or one that only one side's vocabulary has.
  var leftOut: [Int] = []

  init(path: String) { self.path = path }

  /// The lines side by side, about `most` tokens together.
  ///
  /// Throws where none is left.
  func texts(
    batch most: Int, padding: Int, positions: Int, findings: [Finding]
  ) throws(FileError) -> ReadTexts {
    var batches: [[Row]] = []
    var width = 0
    for row in rows {
      let wider = max(width, row.subject.count)
      if let last = batches.last, (last.count + 1) * wider <= most {
        batches[batches.count - 1].append(row)
        width = wider
      } else {
        batches.append([row])
        width = row.subject.count
      }
    }
    do throws(InputProblem) {
      var probes: [Probe] = []
      for batch in batches {
        probes.append(
          Probe(
            inputs: try ModelInputs(batch.map(\.subject), padding: padding),
            reference: try ModelInputs(batch.map(\.reference), padding: padding), stages: nil))
      }
      return ReadTexts(
        probes: probes, whole: try ModelInputs(rows.map(\.subject), padding: padding),
        summary: TextSummary(
          path: path, lines: batches.map { $0.map(\.line) }, cut: cut.count,
          otherIDs: otherIDs.count),
        findings: findings + self.findings(positions))
    } catch {
      throw FileError(
        path, .missing("a line that both models have ids for"),
        remedy: "write texts in the models' language")
    }
  }

  private func findings(_ positions: Int) -> [Finding] {
    func told(_ lines: [Int]) -> String {
      switch lines.count {
      case 1: "line \(lines[0])"
      default: "\(lines.count) lines, the first of them \(lines[0]),"
      }
    }
    var findings: [Finding] = []
    if !cut.isEmpty {
      findings.add(
        .warning, code: "text-cut",
        "\(told(cut)) exceeded the \(positions) positions that the models have, and was cut",
        remedy: "shorten what is to be compared as a whole")
    }
    if !otherIDs.isEmpty {
      findings.append(
        .tokenizersDiffer(
          "\(told(otherIDs)) became other ids by the subject's tokenizer than by the reference's"))
    }
    if !leftOut.isEmpty {
      findings.add(
        .warning, code: "text-left-out",
        "\(told(leftOut)) was left out, without ids that both models have")
    }
    return findings
  }
}
