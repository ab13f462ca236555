internal import AlbertArchitecture

/// One defect at one place: what is done to a sound model, and what is said of it.
struct Defect: Equatable {
  let code: Diagnosis.Code
  /// The parameter concerned.
  var parameter: Parameter?
  /// The other parameter, where two are concerned.
  var other: Parameter?
  var statement: Statement
  /// What makes a sound model into one with the defect.
  let edits: [Edit]
  /// The parts of the model that it changes.
  let regions: Set<ModelRegion>
  /// Its place among the candidates, most specific first.
  var rank = 0

  /// A defect of parameters, which changes the parts where they enter.
  init(
    _ code: Diagnosis.Code, _ parameters: [Parameter], other: Parameter? = nil,
    _ statement: Statement, _ edits: [Edit]
  ) {
    self.code = code
    parameter = parameters.first
    self.other = other
    self.statement = statement
    self.edits = edits
    regions = Set((parameters + [other].compactMap(\.self)).map(ModelRegion.init))
  }

  /// A defect of the computation.
  init(
    _ code: Diagnosis.Code, _ statement: Statement, regions: Set<ModelRegion>, _ edits: [Edit]
  ) {
    self.code = code
    self.statement = statement
    self.edits = edits
    self.regions = regions
  }

  /// Whether it says something else of the same than another one.
  func contradicts(_ other: Defect) -> Bool {
    code == other.code && parameter == other.parameter && self.other == other.other
  }
}

extension [Defect] {
  /// The same, numbered as they come.
  var ranked: [Defect] {
    enumerated().map { rank, defect in
      var defect = defect
      defect.rank = rank
      return defect
    }
  }
}

/// Whom a model is held against.
package enum Side: String, Sendable {
  case reference
  case golden
  case graph

  /// What it is called in sentences.
  package var words: String {
    switch self {
    case .reference: "the reference"
    case .golden: "the golden file"
    case .graph: "the graph"
    }
  }

  /// As in `the reference's`.
  package var possessive: String { words + "'s" }
}

/// What is said of a defect, in the same words whatever shows it.
struct Statement: Equatable {
  /// Whose it is.
  enum Owner {
    case subject
    /// The other side's.
    case other
    /// Outputs do not tell whose.
    case either
  }

  /// What it happened to, such as `the attention's key weight`; empty where the predicate is a
  /// sentence of its own.
  var names: [String] = []
  /// What happened, such as `is transposed`.
  var predicate: String
  var owner = Owner.subject
  /// Whether the same holds of the biases that belong to the weights.
  var includesBiases = false
  /// What explains the outputs as well.
  var alternatives: [String] = []
  /// The one layer that it is so in.
  var layer: Int?

  /// A sentence that says who by itself.
  static func whole(_ sentence: String) -> Statement { Statement(predicate: sentence) }

  /// The sentence, of a model that is held against `side`.
  func sentence(_ side: Side) -> String {
    let what =
      (alternatives.isEmpty
        ? "" : "; these outputs do not tell it from \(alternatives.joined(separator: ", or "))")
      + (layer.map { ", in layer \($0) alone" } ?? "")
    guard !names.isEmpty else { return predicate + what }
    let list =
      names.count == 2 ? names.joined(separator: " and ") : names.joined(separator: ", ")
    let isSwap = predicate == Self.swapped
    let biases =
      !includesBiases
      ? ""
      : isSwap
        ? ", and so are their biases"
        : names.count > 1 ? ", and their biases too" : ", and its bias too"
    return (owner == .either ? "on one side " : "") + list
      + (owner == .other ? " of \(side.words) " : " ")
      + (names.count > 1 ? Self.plural(predicate) : predicate) + biases + what
  }

  /// What is said of two parameters that hold each other's numbers.
  static let swapped = "is swapped"

  private static func plural(_ predicate: String) -> String {
    let verbs = ["is": "are", "has": "have", "holds": "hold", "was": "were"]
    guard let verb = predicate.split(separator: " ").first, let plural = verbs[String(verb)] else {
      return predicate
    }
    return plural + predicate.dropFirst(verb.count).replacing(" its ", with: " their ")
  }
}
