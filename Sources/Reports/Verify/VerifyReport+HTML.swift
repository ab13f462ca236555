internal import AlbertDiagnosis
internal import AlbertVerification

extension VerifyReport {
  /// The page that `--html` writes: verdict and diagnosis first, then both models side by side.
  package func html(tool: String) -> String {
    let name = result.subject.split(separator: "/").last.map(String.init) ?? result.subject
    var page = HTMLPage(
      title: "\(result.passes ? "pass" : "fail"): \(name)",
      subtitle: "\(result.subject) against \(sides)", tool: tool)
    page.add("Verdict", verdictMarkup)
    if let graph = result.graph, let fold = graph.fold {
      page.add("Graph", GraphPicture(fold, graph).markup)
    }
    for (side, title) in comparedSides {
      let chart = ErrorChart(result.stages.filter { $0.side == side })
      if !chart.isEmpty { page.add("Error by stage, against \(title)", chart.markup) }
    }
    for (side, title) in comparedSides {
      let stages = result.stages.filter { $0.side == side }
      if !stages.isEmpty { page.add("Worst elements, against \(title)", Self.table(stages)) }
    }
    if !result.weights.isEmpty { page.add("Weights", weightsMarkup) }
    if cards.count == 2 {
      page.add(
        "Both models",
        ModelCard.sideBySide(cards[0], cards[1], titles: ["subject", "reference"]))
    } else if let card = cards.first {
      page.add("Files", FileFacts.table(card.files))
    }
    page.add("Checks", checksMarkup)
    if !result.findings.isEmpty { page.add("Findings", HTMLPage.findings(result.findings)) }
    return page.text
  }

  private var verdictMarkup: String {
    var markup =
      result.passes
      ? "<p class=\"verdict ok\">pass</p>" : "<p class=\"verdict bad\">fail</p>"
    if !result.diagnosis.isEmpty {
      markup +=
        "<ol class=\"diagnosis\">" + result.diagnosis.map(Self.diagnosis).joined(separator: "\n")
        + "</ol>"
    } else if !result.passes {
      markup += result.unexplained(\.option).map {
        "<p>\(HTMLPage.escape($0.capitalizedFirst)).</p>"
      }.joined()
    }
    if let graphDivergence {
      markup += "<p>\(HTMLPage.escape(graphDivergence.capitalizedFirst)).</p>"
    }
    if let divergence {
      markup += "<p>\(HTMLPage.escape(divergence.capitalizedFirst)).</p>"
    }
    if result.passes {
      markup += result.checks.map { "<p>\(HTMLPage.escape(sentence($0).capitalizedFirst)).</p>" }
        .joined()
    }
    return markup
  }

  private static func diagnosis(_ diagnosis: Diagnosis) -> String {
    let parameters = [diagnosis.parameter, diagnosis.otherParameter].compactMap(\.self).map {
      HTMLPage.code($0)
    }.joined(separator: "<br>")
    return "<li><b>\(diagnosis.code.rawValue)</b> \(HTMLPage.escape(diagnosis.sentence(\.option)))"
      + " <span class=\"dim\">(explains \(Numbers.fixed(diagnosis.explains * 100, 0))% of the error)"
      + "</span>" + (parameters.isEmpty ? "" : "<p>\(parameters)</p>") + "</li>"
  }

  private var checksMarkup: String {
    HTMLPage.table(
      label: "checks", head: ["check", "result", "what was found"],
      rows: result.checks.map {
        [$0.name.rawValue, Self.outcome($0.outcome), HTMLPage.words(sentence($0))]
      })
  }

  private static func table(_ stages: [StageComparison]) -> String {
    let hasPadding = stages.contains { padding($0) != nil }
    let rows = stages.map { stage in
      var cells = [
        HTMLPage.code(stage.stage.name), stage.engine.rawValue,
        outcome(stage.outcome), HTMLPage.escape(size(stage)),
        stage.error == nil ? "" : allowed(stage),
        stage.error.map { Numbers.scientific($0.real.relL2) } ?? "",
      ]
      if hasPadding {
        let padded = padding(stage).map {
          $0.nonFinite > 0 ? "\($0.nonFinite) NaN/Inf" : Numbers.scientific($0.maxAbs)
        }
        cells.append(padded ?? "")
      }
      let place = stage.problem ?? worst(stage).map(\.description) ?? ""
      cells.append("<span class=\"line\">\(HTMLPage.escape(place))</span>")
      return cells
    }
    return HTMLPage.table(
      label: "stages",
      head: ["stage", "engine", "result", "max abs", "allowed", "rel L2"]
        + (hasPadding ? ["padding"] : []) + ["worst at"],
      rows: rows, numeric: hasPadding ? [3, 4, 5, 6] : [3, 4, 5])
      + (hasPadding
        ? "<p class=\"dim\">Padded tokens are compared apart; they count only where they are no "
          + "finite numbers.</p>" : "")
  }

  private var weightsMarkup: String {
    HTMLPage.sortable(
      label: "weights", head: ["parameter", "result", "max abs", "rel L2", "ulps"],
      rows: weightsByDifference.map { weight in
        let note = weight.problem.map { "<br><span class=\"dim\">\(HTMLPage.escape($0))</span>" }
        let broken = weight.nonFinite > 0 ? "\(weight.nonFinite) NaN/Inf" : nil
        return [
          HTMLPage.Cell(HTMLPage.code(weight.parameter.name) + (note ?? "")),
          HTMLPage.Cell(
            weight.bitwiseEqual && weight.outcome == .pass
              ? "bitwise" : Self.outcome(weight.outcome)),
        ]
          + (weight.problem == nil
            ? [
              HTMLPage.Cell(broken ?? Numbers.scientific(weight.maxAbs), weight.maxAbs),
              HTMLPage.Cell(Numbers.scientific(weight.relL2), weight.relL2),
              HTMLPage.Cell(Numbers.compact(weight.ulps), weight.ulps),
            ] : Array(repeating: HTMLPage.Cell("", nil), count: 3))
      })
  }

  private static func outcome(_ outcome: Outcome) -> String {
    switch outcome {
    case .pass: "<span class=\"ok\">pass</span>"
    case .fail: "<span class=\"bad\">fail</span>"
    case .notProduced: "<span class=\"dim\">not produced</span>"
    }
  }
}

extension String {
  /// The text as a sentence begins.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
