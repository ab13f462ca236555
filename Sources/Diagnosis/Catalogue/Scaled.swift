internal import AlbertArchitecture

/// Numbers that were multiplied once too often, or not at all.
enum Scaled: DefectKind {
  /// A parameter is a constant times what it should be.
  static let code = Diagnosis.Code(rawValue: "scaled")

  private static func predicate(_ factor: Double, _ scope: Scope) -> String {
    "is \(factor.inSixDigits) times what \(scope.step == nil ? "it should be" : "the subject has")"
  }

  /// Factors that runtimes are known to forget or to apply twice.
  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.step != nil else { return [] }
    return scores(scope) + embeddings(scope)
  }

  private static func scores(_ scope: Scope) -> [Defect] {
    guard scope.step?.blocks.isEmpty == false else { return [] }
    let (size, width) = (scope.config.headSize, scope.config.hiddenSize)
    let root = Double(size).squareRoot()
    let factors: [(Double, String)] = [
      (root, "not divided by the square root of the head size, \(size)"),
      (1 / root, "divided by the square root of the head size, \(size), twice"),
      (
        (Double(size) / Double(width)).squareRoot(),
        "divided by the square root of the hidden size, \(width)"
      ),
    ]
    let queries = scope.config.blocks.flatMap { block in
      [ParameterRole.queryWeight, .queryBias].map { Parameter($0, in: block) }
    }
    return factors.filter { $0.0 != 1 }.map { factor, words in
      Defect(
        code, .whole("the attention scores of \(scope.side.words) are \(words)"),
        regions: scope.encoder, queries.map { .change($0, .scaled(factor)) })
    }
  }

  private static func embeddings(_ scope: Scope) -> [Defect] {
    guard scope.uses(.embeddings) else { return [] }
    let decodes = scope.contents.mlm && !scope.contents.untiedDecoder
    return [("embedding", scope.config.embeddingSize), ("hidden", scope.config.hiddenSize)]
      .flatMap { name, size in
        let root = Double(size).squareRoot()
        return [(root, "multiplied"), (1 / root, "divided")].flatMap { factor, how in
          // The table itself, which a tied decoder takes too, goes before what is looked up in it: logits
          // that are right refute it.
          (decodes ? [false, true] : [true]).map { keepsDecoder in
            scope.defect(
              code, [Parameter(.wordEmbeddings)],
              "is \(how) by the square root of the \(name) size, \(size)",
              keepsDecoder: keepsDecoder
            ) { .change($0, .scaled(factor)) }
          }
        }
      }
  }

  static func changes(
    shownBy samples: [(value: Double, expected: Double)], of scope: Scope
  ) -> [Defect] {
    guard let own = scope.parameter, let factor = ScaleProposal.factor(samples) else { return [] }
    return [
      scope.defect(code, [own.parameter], predicate(factor, scope)) {
        .change($0, .scaled(factor))
      }
    ]
  }

  /// A tensor times some factor, found by least squares.
  static func proposals(for question: StepQuestion, in evidence: OutputEvidence) -> [Candidate] {
    let golden = evidence.golden
    // Behind a part that nothing explains, a factor makes up for some of it wherever few numbers tell.
    guard question.present.isFinite, evidence.isKnown(question.step),
      let entry = golden[question.step.target]
    else { return [] }
    let places = golden.realPlaces(entry, question.sequences)
    let recorded = golden.values(entry, question.sequences)
    let wanted = places.map { recorded[$0] }
    func fit(_ site: [Parameter], _ engine: Engine, from start: Double, rounds: Int)
      -> ScaleProposal?
    {
      ScaleProposal(from: start, step: engine == .fast ? 0.05 : 1e-4, rounds: rounds) { factor in
        var pass = question.probed
        pass.engine = engine
        pass.model = question.model.applying(site.map { .change($0, .scaled(factor)) })
        guard let computed = evidence.passes.values(pass, .search),
          computed.count > places.last ?? 0
        else { return nil }
        return zip(wanted, places).map { $0 - computed[$1] }
      }
    }
    let sites = question.scope.sites
    var best: (fit: ScaleProposal, site: [Parameter])?
    for site in sites {
      guard let found = fit(site, .fast, from: 1, rounds: 5),
        found.error < best?.fit.error ?? .infinity
      else { continue }
      best = (found, site)
    }
    let config = question.model.config
    guard let best,
      best.fit.error
        < 2 * Policy.remainder * question.present
        + evidence.allowed(question.step, .fast, config),
      let exact = fit(best.site, .reference, from: best.fit.factor, rounds: 3),
      // Rounded weights seem to be nearly as they were times some factor near one.
      !evidence.isSmall(question) || abs(exact.factor - 1) > Policy.leastFittedFactor
        // And one layer's LayerNorm with another epsilon does what a factor near one does.
        || (wanted.count > Policy.directions && evidence.sharing == nil)
    else { return [] }
    let defect = question.scope.defect(
      code, best.site, predicate(exact.factor, question.scope)
    ) { .change($0, .scaled(exact.factor)) }
    return [.fitted(defect, numbers: wanted.count - 1, tried: sites.count)]
  }
}

extension Double {
  /// The number in six significant digits, as a message prints it.
  var inSixDigits: String {
    guard isFinite, self != 0 else { return "\(self)" }
    var unit = 1.0
    while abs(self) / unit >= 1e6 { unit *= 10 }
    while abs(self) / unit < 1e5, unit > 1e-300 { unit /= 10 }
    // Dividing by a whole power of ten rounds once, so that 0.1 prints as 0.1.
    let digits = (self / unit).rounded()
    return "\(unit < 1 ? digits / (1 / unit).rounded() : digits * unit)"
  }
}
