internal import Albert

/// What one hypothesis says of one parameter of the subject.
struct WeightFinding {
  let code: Diagnosis.Code
  let parameter: Parameter
  /// The reference's parameter whose numbers it holds, where that is another one.
  var other: Parameter?
  /// What happened to it, as messages say it.
  let words: String
  var error: ExplainedError
  /// Whether the other parameter in turn holds this one's numbers.
  var isMutual = false
  /// Whether the same holds of the bias that belongs to it.
  var includesBias = false
  /// How many parameters share the fate, where the finding stands for all of them.
  var count = 1
  /// Whether it is the reference that it happened to.
  var isOfReference = false

  /// The findings of a relation: one for each transform that it is made up of.
  static func all(
    _ found: RelationSearch.Found, of parameter: Parameter, in config: AlbertConfig
  ) -> [WeightFinding] {
    let (relation, error) = (found.relation, found.measurement.error)
    var findings: [WeightFinding] = []
    if relation.source != parameter {
      findings.append(
        WeightFinding(
          code: .swapped, parameter: parameter, other: relation.source,
          words: "holds the numbers of \(relation.source.words(in: config))", error: error))
    }
    if let order = relation.rearrangement {
      findings.append(
        WeightFinding(code: order.code, parameter: parameter, words: order.words, error: error))
    }
    if let code = relation.change.code {
      findings.append(
        WeightFinding(
          code: code, parameter: parameter, words: relation.change.words, error: error))
    }
    return findings
  }

  /// The explanation for reports.
  func diagnosis(in config: AlbertConfig) -> Diagnosis {
    Diagnosis(
      code, parameter: parameter.name, otherParameter: other?.name, message: message(in: config),
      explains: error.share)
  }

  private func message(in config: AlbertConfig) -> String {
    let name = count > 1 ? "each of \(count) parameters" : parameter.words(in: config)
    if let other, isMutual {
      return "\(name) and \(other.words(in: config)) are swapped"
        + (includesBias ? ", and so are their biases" : "")
    }
    return name + (isOfReference ? " of the reference " : " ") + words
      + (includesBias ? ", and its bias too" : "")
  }
}
