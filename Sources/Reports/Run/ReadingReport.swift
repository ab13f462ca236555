internal import AlbertPipelines

/// What a model says of texts, in words.
enum ReadingReport {
  /// The lines about one text.
  static func lines(_ reading: TextReading, terminal: Terminal) -> [String] {
    let lines = reading.results.flatMap { self.lines($0, of: reading, terminal) }
    return lines.isEmpty ? [Terminal.shown(reading.text)] : lines
  }

  private static func lines(
    _ result: TextReading.Result, of reading: TextReading, _ terminal: Terminal
  ) -> [String] {
    switch result {
    case .masks(let masks):
      return [shown(filled(reading.text, masks))]
        + masks.flatMap { mask in
          [""] + table(mask.words.map { ($0.word, $0.probability) }, terminal)
        }
    case .order(let order):
      return [shown(reading.text), shown(reading.pair ?? "")]
        + table([("in order", order.inOrder), ("swapped", order.swapped)], terminal)
    case .labels(let labels, let scoring):
      return heading(reading)
        + (scoring == .regression
          ? values(labels.map { ($0.label, $0.score) }, terminal)
          : table(labels.map { ($0.label, $0.score) }, terminal))
    case .tokens(let labelled): return heading(reading) + parts(labelled, terminal)
    case .answers(let answers, let noAnswer):
      return [shown(reading.question ?? "")]
        + table(
          answers.map { ($0.isNone ? "no answer" : $0.text, $0.score) }, most: 48, terminal)
        + (answers.contains(where: \.isNone)
          ? [] : [terminal.styled("  no answer  \(percent(noAnswer))", .dim)])
    case .choices(let choices):
      return [shown(reading.text)]
        + table(choices.map { ($0.choice, $0.probability) }, most: 48, terminal)
    case .embedding(let vector): return heading(reading) + embedding(vector)
    }
  }

  private static func heading(_ reading: TextReading) -> [String] {
    [shown(reading.text)] + (reading.pair.map { [shown($0)] } ?? [])
  }

  /// The text with the likeliest word at each of its masks.
  private static func filled(_ text: String, _ masks: [FilledMask]) -> String {
    var parts = text.split(separator: "[MASK]", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == masks.count + 1 else { return text }
    for (index, mask) in masks.enumerated() {
      parts[index] += mask.words.first?.word ?? "[MASK]"
    }
    return parts.joined()
  }

  /// Words with their probabilities, and a bar for each.
  private static func table(
    _ rows: [(String, Double)], most: Int = 32, _ terminal: Terminal
  ) -> [String] {
    var table = TextTable([.name, .right, .bar])
    for (word, share) in rows {
      let bar = share.isFinite ? String(repeating: "█", count: Int((share * 24).rounded())) : ""
      table.add([short(word, most), percent(share), bar])
    }
    return table.lines(terminal: terminal)
  }

  private static func values(_ rows: [(String, Double)], _ terminal: Terminal) -> [String] {
    var table = TextTable([.name, .right])
    for (name, value) in rows { table.add([short(name, 32), Numbers.compact(value)]) }
    return table.lines(terminal: terminal)
  }

  private static func parts(_ labelled: LabelledText, _ terminal: Terminal) -> [String] {
    var table = TextTable(
      [.name, .name, .right, .left], titles: ["word", "label", "", "characters"])
    for word in labelled.words {
      table.add([
        short(word.text, 32), short(word.label, 24), percent(word.probability),
        "\(word.span.scalars.lowerBound)-\(word.span.scalars.upperBound)",
      ])
    }
    return table.lines(terminal: terminal)
  }

  private static func embedding(_ vector: [Float]) -> [String] {
    let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    let first = vector.prefix(6).map { Numbers.fixed(Double($0), 4) }.joined(separator: "  ")
    return [
      "  embedding  \(Numbers.count(vector.count, "number")), of length \(Numbers.compact(length))",
      "  \(first)\(vector.count > 6 ? "  …" : "")",
    ]
  }

  private static func percent(_ share: Double) -> String {
    share.isFinite ? Numbers.fixed(share * 100, 1) + "%" : "-"
  }

  /// A text as far as a person reads it again.
  private static func shown(_ text: String) -> String { short(text, 1000) }

  private static func short(_ text: String, _ most: Int) -> String {
    let shown = Terminal.shown(text)
    return shown.count > most ? String(shown.prefix(most - 1)) + "…" : shown
  }
}
