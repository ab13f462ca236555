internal import AlbertArchitecture
internal import AlbertTensors

/// A decoder that is a matrix of its own on one side and the word embeddings on the other.
enum UntiedDecoder: DefectKind {
  /// The decoder is a matrix of its own instead of the word embeddings.
  static let code = Diagnosis.Code(rawValue: "untied-decoder")
  private static let (decoder, table) = (Parameter(.mlmDecoderWeight), Parameter(.wordEmbeddings))

  private static func statement(isUntied: Bool, _ side: Side) -> Statement {
    .whole(
      isUntied
        ? "the decoder is a matrix of its own and differs from the word embeddings, to which \(side.words) ties it"
        : "the decoder is tied to the word embeddings, where \(side.words) has a matrix of its own"
    )
  }

  /// The word embeddings for a decoder, where the subject has one of its own.
  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.step != nil, scope.contents.untiedDecoder, scope.uses(.mlm) else { return [] }
    return [
      Defect(
        code, [decoder], other: table, statement(isUntied: true, scope.side),
        [.set(\.hasOwnDecoder, false)])
    ]
  }

  /// Nil where both sides tie, neither does, or the matrix is the table anyway.
  static func verdict(
    on evidence: WeightEvidence, unexplained: [Parameter], findings: inout [WeightFinding]
  ) -> Diagnosis? {
    let (subject, reference) = (evidence.subject, evidence.reference)
    let isUntied = subject.contents.untiedDecoder
    let shapes = evidence.shapes(of: table)
    guard subject.contents.mlm, reference.contents.mlm,
      isUntied != reference.contents.untiedDecoder, shapes.subject == shapes.reference
    else { return nil }
    let own = (isUntied ? decoder : table, isUntied ? table : decoder)
    let closeness = evidence.closeness(own.0, own.1)
    var error = ExplainedError()
    // What each side decodes with, and what it would if it tied the decoder.
    evidence.read(own.0, own.1) { value, expected in
      evidence.read(table, table) { tied, expectedIfTied in
        for index in 0..<shapes.subject.count {
          let (value, expected) = (value(index), expected(index))
          let (tied, expectedIfTied) = (tied(index), expectedIfTied(index))
          error.add(
            before: closeness.holds(value, expected) ? nil : value - expected,
            after: closeness.holds(tied, expectedIfTied) ? nil : tied - expectedIfTied)
        }
      }
    }
    guard error.countBefore > 0, error.share > 0 else { return nil }
    return Diagnosis(
      code, parameter: decoder.name, otherParameter: table.name,
      message: statement(isUntied: isUntied, .reference).sentence(.reference),
      explains: error.share)
  }

  /// Logits that no state in front of the subject's decoder can give, so that another matrix must
  /// have made them.
  ///
  /// Whatever the model computes, its logits less the vocabulary bias are combinations of the
  /// decoder's columns. What lies outside of them, the same bias for every token left out, is the
  /// work of another decoder.
  static func proposals(for question: StepQuestion, in evidence: OutputEvidence) -> [Candidate] {
    let (model, step) = (question.model, question.step)
    let (width, vocabulary) = (model.config.embeddingSize, model.config.vocabSize)
    // Words that are looked at: some more than there are columns.
    let count = min(vocabulary, 3 * width + 64)
    guard step.target == .predictionLogits, let before = question.before,
      before.failing(question.limit).count == before.rows.count, count >= 2 * width,
      // A table that gives wrong embeddings, or was rounded, is another one altogether.
      evidence.isKnown(.embeddings), evidence.rounding(explaining: question) == nil,
      let logits = logits(question, evidence.golden), logits.count >= Policy.fewestDecoded
    else { return [] }
    let words = (0..<count).map { $0 * vocabulary / count }
    let matrix = model.values(of: model.contents.untiedDecoder ? decoder : table)
    let proposal = DecoderProposal(
      columns: (0..<width).map { column in words.map { matrix[$0 * width + column] } },
      logits: logits.prefix(Policy.decodedTokens).map { row in words.map { row.values[$0] } })
    // Rounding stays below; an error in front of the decoder leaves nothing outside.
    let allowed =
      evidence.allowed(step, .reference, model.config)
      * Double(proposal.count).squareRoot()
    guard proposal.outside > Policy.outsideAllowances * allowed else { return [] }
    let isLinear = states(question, evidence).flatMap { states in
      DecoderProposal.isLinear(
        logits.map { row in words.prefix(64).map { row.values[$0] } },
        in: logits.map { Array(states[$0.token * width..<($0.token + 1) * width]) })
    }
    // Where the tokens are too few to see that the logits come from a matrix at all, only a large
    // difference is not an accident of rounding.
    let least = isLinear == nil ? Policy.outsideUnknown : Policy.outsideLinear
    guard isLinear != false, proposal.share > least else { return [] }
    let side = evidence.golden.side
    var sentence =
      model.contents.untiedDecoder
      ? Statement.whole("the decoder is another matrix than \(side.possessive)")
      : statement(isUntied: false, side)
    if !model.contents.untiedDecoder, step.regions.contains(.embeddings) {
      sentence.alternatives = ["other word embeddings, decoded with too"]
    }
    return [
      .final(Defect(code, [decoder], other: table, sentence, []), share: proposal.share)
    ]
  }

  /// The recorded logits of real tokens less the bias.
  private static func logits(
    _ question: StepQuestion, _ golden: GoldenOutputs
  ) -> [(token: Int, values: [Double])]? {
    guard let entry = golden[.predictionLogits] else { return nil }
    let vocabulary = question.model.config.vocabSize
    let bias = question.model.values(of: Parameter(.mlmBias))
    return golden.inputs.realTokens.prefix(4 * question.model.config.embeddingSize).map { token in
      let row = entry.values[token * vocabulary..<(token + 1) * vocabulary]
      return (token, zip(row, bias).map { $0 - $1 })
    }
  }

  /// The state in front of the decoder: the logits of a decoder that hands it through.
  private static func states(_ question: StepQuestion, _ evidence: OutputEvidence) -> [Double]? {
    guard question.step.start != nil else { return nil }
    let width = question.model.config.embeddingSize
    let handing = question.model.applying([
      .set(\.hasOwnDecoder, true), .set(\.config.vocabSize, width),
      .replace(decoder, (0..<width * width).map { $0 / width == $0 % width ? 1 : 0 }),
      .replace(Parameter(.mlmBias), [Double](repeating: 0, count: width)),
      // The ids do not matter behind a hidden state, but have to fit the vocabulary.
      .set(\.reading.idOffset, -question.model.config.vocabSize),
    ])
    var pass = question.whole
    pass.model = handing
    return evidence.passes.values(pass, .confirmation)
  }
}
