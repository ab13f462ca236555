internal import AlbertArchitecture

/// One thing that is known to go wrong: how it is recognised, and what is said of it.
///
/// A kind says only what applies to it; whatever it leaves out is empty.
protocol DefectKind: SendableMetatype {
  /// The stable word.
  static var code: Diagnosis.Code { get }

  /// The defects of this kind that may be in a scope, which nothing but trying them shows.
  static func candidates(in scope: Scope) -> [Defect]

  /// Orders that a parameter's numbers show, beside those of the candidates.
  static func orders(shownBy numbers: NumberPair) -> [Defect]

  /// Changes of each number that samples of a parameter show, beside those of the candidates.
  static func changes(shownBy samples: [(value: Double, expected: Double)], of scope: Scope)
    -> [Defect]

  /// What a parameter of the subject shows that no relation to the reference explains.
  static func finding(
    on parameter: DifferingParameter, in evidence: WeightEvidence
  ) -> WeightFinding?

  /// What two models differ in as a whole, where `unexplained` are left.
  static func verdict(
    on evidence: WeightEvidence, unexplained: [Parameter], findings: inout [WeightFinding]
  ) -> Diagnosis?

  /// What would put a config right that differs from the reference's.
  static func corrections(of subject: EditedModel, to reference: EditedModel) -> [Correction]

  /// Defects that recorded numbers show by themselves.
  static func proposals(for question: StepQuestion, in evidence: OutputEvidence) -> [Candidate]

  /// What a step that nothing explains shows of the whole model, and whether that is all there is.
  static func verdict(
    on question: StepQuestion, in evidence: OutputEvidence
  ) -> (diagnosis: Diagnosis, isFinal: Bool)?
}

extension DefectKind {
  static func candidates(in scope: Scope) -> [Defect] { [] }

  static func orders(shownBy numbers: NumberPair) -> [Defect] { [] }

  static func changes(shownBy samples: [(value: Double, expected: Double)], of scope: Scope)
    -> [Defect]
  { [] }

  static func finding(
    on parameter: DifferingParameter, in evidence: WeightEvidence
  ) -> WeightFinding? { nil }

  static func verdict(
    on evidence: WeightEvidence, unexplained: [Parameter], findings: inout [WeightFinding]
  ) -> Diagnosis? { nil }

  static func corrections(of subject: EditedModel, to reference: EditedModel) -> [Correction] {
    []
  }

  static func proposals(for question: StepQuestion, in evidence: OutputEvidence) -> [Candidate] {
    []
  }

  static func verdict(
    on question: StepQuestion, in evidence: OutputEvidence
  ) -> (diagnosis: Diagnosis, isFinal: Bool)? { nil }
}

/// What is known to go wrong, most specific first: one line per kind.
enum DefectCatalogue {
  static let kinds: [any DefectKind.Type] = [
    ByteSwapped.self,
    BiasDoubled.self,
    BiasMissing.self,
    SignFlipped.self,
    Zeroed.self,
    SOPLabelsFlipped.self,
    Swapped.self,
    Transposed.self,
    PermutedHeads.self,
    HeadCount.self,
    OtherActivation.self,
    LayerNormEpsilon.self,
    LayerCount.self,
    GroupMap.self,
    VocabularyRows.self,
    PositionOffset.self,
    MaskIgnored.self,
    MaskMisapplied.self,
    SegmentsIgnored.self,
    UntiedDecoder.self,
    PrecisionLoss.self,
    Scaled.self,
    NotLoaded.self,
    Retrained.self,
  ]
}
