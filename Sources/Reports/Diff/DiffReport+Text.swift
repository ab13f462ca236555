internal import AlbertComparison
internal import AlbertJSON

extension DiffReport {
  /// Tensors that the text lists; all are in the document and on the page.
  private static let most = 20

  /// The result in words: the verdict, a line for each part, the config's keys, the tensors.
  ///
  /// With `showsAll` every tensor that differs is listed.
  package func lines(terminal: Terminal, showsAll: Bool = false) -> [String] {
    let verdict =
      comparison.isSame ? terminal.styled("same", .green) : terminal.styled("differs", .red)
    var lines = [verdict]
    for (letter, side) in [("A", comparison.a), ("B", comparison.b)] {
      lines.append(
        "  \(letter)  \(Terminal.shown(side.path.string)) (\(Terminal.shown(side.format)))")
    }
    lines.append("")
    var table = TextTable([.left, .text])
    for (part, sentence) in sentences { table.add([part, Terminal.shown(sentence)]) }
    lines += table.lines(terminal: terminal)
    if !comparison.config.isEmpty { lines += [""] + configLines(terminal) }
    let changed = changed
    if !changed.isEmpty {
      let shown = showsAll ? changed : Array(changed.prefix(Self.most))
      lines += [""] + shown.flatMap { self.lines(of: $0, terminal) }
      if shown.count < changed.count {
        lines.append("  … and \(changed.count - shown.count) more: see --verbose or --json")
      }
    }
    return lines
  }

  private func configLines(_ terminal: Terminal) -> [String] {
    var table = TextTable([.left, .name, .name], titles: ["key", "A", "B"], heading: 0)
    for key in comparison.config {
      table.add([
        Terminal.shown(key.key) + (key.counts ? "" : " *"), Self.text(key.a), Self.text(key.b),
      ])
    }
    let hasNotes = comparison.config.contains { !$0.counts }
    return table.lines(terminal: terminal)
      + (hasNotes ? ["  * read by tools alone, and no difference of the models"] : [])
  }

  /// A config's value in a few characters.
  static func text(_ value: JSONValue?) -> String {
    guard let value else { return "not stated" }
    let text = value.string ?? value.text()
    return Columns.shortened(Terminal.shown(text), to: 60)
  }

  /// A tensor's name, what happened to it, and where it shows most.
  private func lines(of tensor: TensorComparison, _ terminal: Terminal) -> [String] {
    var lines = ["  " + Columns.shortened(Terminal.shown(tensor.name), to: terminal.width - 2)]
    lines += terminal.wrapped("      \(Self.story(tensor))", indentation: 6)
    if let values = tensor.values, values.differing > 0 {
      lines += terminal.wrapped(
        "      max abs \(Numbers.scientific(values.maxAbs))  rel L2 "
          + "\(Numbers.scientific(values.relL2))  at \(Self.worst(tensor))", indentation: 6)
    }
    return lines
  }
}
