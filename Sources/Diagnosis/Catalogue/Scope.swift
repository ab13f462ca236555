internal import AlbertArchitecture
internal import AlbertTensors

/// Where defects are looked for: a parameter whose numbers are known on both sides, or a step of the
/// forward pass of which the outcome is.
struct Scope {
  /// What is looked at.
  enum Focus {
    case parameter(DifferingParameter, heads: [Int])
    case step(Step, GoldenOutputs)
  }

  let model: EditedModel
  let focus: Focus

  var config: AlbertConfig { model.config }
  var contents: ModelContents { model.contents }

  /// Whom the model is held against.
  var side: Side { golden?.side ?? .reference }

  /// The step; nil where numbers are known.
  var step: Step? { if case .step(let step, _) = focus { step } else { nil } }

  /// What was recorded; nil where numbers are known.
  var golden: GoldenOutputs? { if case .step(_, let golden) = focus { golden } else { nil } }

  /// Whether a mask would matter in what was recorded.
  var hasPadding: Bool {
    guard let inputs = golden?.inputs else { return false }
    return (0..<inputs.sequences).contains(where: inputs.hasPadding)
  }

  /// The parameter; nil where outputs are known.
  var parameter: DifferingParameter? {
    if case .parameter(let parameter, _) = focus { parameter } else { nil }
  }

  /// The numbers of heads that may be meant.
  var headCounts: [Int] {
    if case .parameter(_, let heads) = focus { heads } else { [config.numAttentionHeads] }
  }

  /// Every defect of the catalogue that may be here, most specific first, numbered.
  var candidates: [Defect] {
    let all = DefectCatalogue.kinds.flatMap { $0.candidates(in: self) }
    let relevant = all.filter { defect in
      guard let step else { return true }
      return defect.code == LayerCount.code || !defect.regions.isDisjoint(with: step.regions)
    }
    return relevant.ranked
  }

  /// Whether the step uses a part of the model.
  func uses(_ region: ModelRegion) -> Bool { step?.regions.contains(region) ?? false }

  /// The places that a role has here: alone, and in a step all of its blocks together.
  func sites(_ role: ParameterRole) -> [[Parameter]] {
    if let own = parameter?.parameter { return own.role == role ? [[own]] : [] }
    guard contents.contains(role), let step else { return [] }
    if role.isPerBlock {
      let blocks = step.blocks
      return (blocks.map { [$0] } + (blocks.count > 1 ? [blocks] : [])).map {
        $0.map { Parameter(role, in: $0) }
      }
    }
    let parameter = Parameter(role)
    if role.component == .projection && config.embeddingProjectionIsIdentity { return [] }
    return uses(ModelRegion(parameter)) ? [[parameter]] : []
  }

  /// The parameters of several roles at each choice of blocks.
  func sites(_ roles: [ParameterRole]) -> [[[Parameter]]] {
    let each = roles.map { sites($0) }
    guard let count = each.map(\.count).min(), count > 0 else { return [] }
    return (0..<count).map { choice in each.map { $0[choice] } }
  }

  /// The sites of every role of which something can be told.
  ///
  /// A bias of the keys adds the same to every score of a query, which the softmax takes out: no
  /// output shows it.
  var sites: [[Parameter]] {
    ParameterRole.allCases.filter { step == nil || $0 != .keyBias }.flatMap { sites($0) }
  }

  /// What messages call parameters of one role.
  func words(_ parameters: [Parameter]) -> String {
    guard let first = parameters.first else { return "" }
    return parameters.count == 1 ? first.words(in: config) : "\(first.role.words) of every block"
  }

  /// Whose a defect is: where numbers are known, the subject's; outputs tell only of what has an
  /// effect of its own in either direction.
  func owner(isSymmetric: Bool) -> Statement.Owner {
    step == nil ? .subject : isSymmetric ? .either : .other
  }

  /// The same defect of each parameter of a site.
  func defect(
    _ code: Diagnosis.Code, _ site: [Parameter], _ predicate: String, isSymmetric: Bool = false,
    keepsDecoder: Bool = false, _ edit: (Parameter) -> Edit
  ) -> Defect {
    Defect(
      code, site,
      Statement(
        names: [words(site)], predicate: predicate, owner: owner(isSymmetric: isSymmetric)),
      (keepsDecoder ? keepingDecoder(site) : []) + site.map(edit))
  }

  /// Lets the decoder keep the word embeddings as they are while those of the input change.
  func keepingDecoder(_ site: [Parameter]) -> [Edit] {
    step != nil && site.contains(Parameter(.wordEmbeddings)) ? [.set(\.hasOwnDecoder, true)] : []
  }

  /// The parts that every layer of the model goes through.
  var encoder: Set<ModelRegion> {
    let groups = Set(config.layerMap.groups)
    return Set(config.blocks.filter { groups.contains($0.group) }.map { ModelRegion($0) })
  }
}

/// A parameter of the subject beside one of the reference's whose numbers a change may have made it.
struct NumberPair {
  let evidence: WeightEvidence
  let question: WeightEvidence.Question
  /// The reference's parameter.
  let source: Parameter
  /// What may have become of each of its numbers.
  let change: NumberChange?

  var scope: Scope { question.scope }
  var parameter: DifferingParameter { question.parameter }

  /// When two of the numbers count as the same one.
  var closeness: Closeness { evidence.closeness(parameter.parameter, source) }

  /// Hands over readers of the subject's numbers, and of what the reference's have become.
  func read<R>(_ body: ((Int) -> Double, (Int) -> Double) -> R) -> R {
    evidence.read(parameter.parameter, source, changing: change, body)
  }
}
