internal import Albert

/// One way in which a runtime's computation may differ from the subject's.
struct Hypothesis {
  /// The stable word.
  let code: Diagnosis.Code
  /// The parameter concerned.
  var parameter: Parameter?
  /// The other parameter, where two are concerned.
  var otherParameter: Parameter?
  /// The explanation in words.
  var message: String
  /// Its place among those that are tried, most specific first.
  var rank = 0
  /// The parts of the model that it changes.
  let places: Set<Place>
  /// Changes the subject.
  let apply: (inout Trial) -> Void

  /// A hypothesis about parameters, which changes the places where they enter.
  init(
    _ code: Diagnosis.Code, _ parameters: [Parameter], other: Parameter? = nil, _ message: String,
    _ apply: @escaping (inout Trial) -> Void
  ) {
    self.code = code
    parameter = parameters.first
    otherParameter = other
    self.message = message
    places = Set((parameters + [other].compactMap(\.self)).map(Place.init))
    self.apply = apply
  }

  /// A hypothesis about the computation.
  init(
    _ code: Diagnosis.Code, _ message: String, places: Set<Place>,
    _ apply: @escaping (inout Trial) -> Void
  ) {
    self.code = code
    self.message = message
    self.places = places
    self.apply = apply
  }

  /// The same, saying which other parameters explain as much.
  func mentioning(_ others: [Hypothesis], in config: AlbertConfig) -> Hypothesis {
    var names: [String] = []
    for other in others where other.rank != rank {
      let text: String
      switch (other.parameter?.words(in: config), other.code == code) {
      case (let name?, true): text = other.parameter == parameter ? "" : name
      case (let name?, false): text = "\(other.code.rawValue) of \(name)"
      case (nil, let isSame): text = isSame ? "" : other.code.rawValue
      }
      if !text.isEmpty, !names.contains(text) { names.append(text) }
    }
    guard !names.isEmpty else { return self }
    var copy = self
    copy.message += "; these outputs do not tell it from \(names.joined(separator: ", or "))"
    return copy
  }

  /// The trial under this hypothesis.
  func callAsFunction(_ trial: Trial) -> Trial {
    var changed = trial
    apply(&changed)
    return changed
  }
}

/// What the hypotheses about one step are made from.
struct HypothesisScope {
  let trial: Trial
  let step: Step
  let recording: Recording

  var config: AlbertConfig { trial.config }
  var contents: ModelContents { trial.contents }

  /// Whether the step uses a part of the model.
  func uses(_ place: Place) -> Bool { step.places.contains(place) }

  /// The choices of blocks that may share a defect: each block of the step, and all of them.
  var blockChoices: [[(group: Int, inner: Int)]] {
    let blocks = step.blocks
    return blocks.map { [$0] } + (blocks.count > 1 ? [blocks] : [])
  }

  /// The places that a role has in the step: alone, and all of its blocks together.
  func sites(_ role: ParameterRole) -> [[Parameter]] {
    guard contents.contains(role) else { return [] }
    if role.isPerBlock {
      return blockChoices.map { $0.map { Parameter(role, group: $0.group, inner: $0.inner) } }
    }
    let parameter = Parameter(role)
    if role.component == .projection && config.embeddingProjectionIsIdentity { return [] }
    return uses(Place(parameter)) ? [[parameter]] : []
  }

  /// The parameters of several roles at each choice of blocks.
  func sites(_ roles: [ParameterRole]) -> [[[Parameter]]] {
    let each = roles.map { sites($0) }
    guard let count = each.map(\.count).min(), count > 0 else { return [] }
    return (0..<count).map { choice in each.map { $0[choice] } }
  }

  /// Roles that the step uses, in order of use.
  var roles: [ParameterRole] { ParameterRole.allCases.filter { !sites($0).isEmpty } }

  /// What messages call parameters of one role.
  func words(_ parameters: [Parameter]) -> String {
    guard let first = parameters.first else { return "" }
    return parameters.count == 1 ? first.words(in: config) : "\(first.role.words) of every block"
  }

  /// The parts that every layer of the model goes through.
  var encoder: Set<Place> {
    var places: Set<Place> = []
    for group in Set(config.layerMap.groups) {
      for inner in 0..<config.innerGroupNum { places.insert(.block(group, inner)) }
    }
    return places
  }
}
