internal import AlbertComparison

extension DiffReport {
  /// The page that `--html` writes: the verdict first.
  package func html(tool: String, files: [FileFacts]) -> String {
    let (a, b) = (comparison.a, comparison.b)
    var page = HTMLPage(
      title: comparison.isSame ? "The same" : "What differs",
      subtitle: "A: \(a.path.string) (\(a.format)) · B: \(b.path.string) (\(b.format))",
      tool: tool)
    page.add("Verdict", verdictMarkup)
    if !comparison.config.isEmpty { page.add("Config", configMarkup) }
    let changed = changed
    if !changed.isEmpty { page.add("Tensors", tensorsMarkup(changed)) }
    if !comparison.findings.isEmpty {
      page.add("Findings", HTMLPage.findings(comparison.findings))
    }
    page.add("Files", FileFacts.table(files))
    return page.text
  }

  private var verdictMarkup: String {
    let verdict =
      comparison.isSame
      ? "<p class=\"verdict ok\">same</p>" : "<p class=\"verdict bad\">differs</p>"
    return verdict
      + HTMLPage.table(
        label: "parts", head: ["part", "what became of it"],
        rows: sentences.map { [HTMLPage.escape($0.part), HTMLPage.words($0.sentence)] })
  }

  private var configMarkup: String {
    HTMLPage.table(
      label: "config", head: ["key", "A", "B"],
      rows: comparison.config.map { key in
        [
          HTMLPage.code(key.key)
            + (key.counts ? "" : " <span class=\"dim\">(read by tools alone)</span>"),
          HTMLPage.escape(Self.text(key.a)), HTMLPage.escape(Self.text(key.b)),
        ]
      })
  }

  private func tensorsMarkup(_ changed: [TensorComparison]) -> String {
    HTMLPage.sortable(
      label: "tensors", head: ["tensor", "what became of it", "max abs", "rel L2", "most at"],
      rows: changed.map { tensor in
        let values = tensor.values.flatMap { $0.differing > 0 ? $0 : nil }
        let part =
          tensor.part == .model ? "" : "<br><span class=\"dim\">\(tensor.part.rawValue)</span>"
        return [
          HTMLPage.Cell(HTMLPage.code(tensor.name) + part),
          HTMLPage.Cell(HTMLPage.words(Self.story(tensor))),
          HTMLPage.Cell(values.map { Numbers.scientific($0.maxAbs) } ?? "", values?.maxAbs),
          HTMLPage.Cell(values.map { Numbers.scientific($0.relL2) } ?? "", values?.relL2),
          HTMLPage.Cell(HTMLPage.escape(Self.worst(tensor))),
        ]
      })
  }
}
