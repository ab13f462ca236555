internal import AlbertArchitecture

/// A defect of one parameter of the subject, and how much of its error it explains.
struct WeightFinding {
  var defect: Defect
  var error: ExplainedError
  /// Whether the other parameter in turn holds this one's numbers.
  var isMutual = false

  /// The findings of a relation: one for each defect that it is made up of.
  static func all(
    _ found: Measurement, of parameter: Parameter, in config: AlbertConfig
  ) -> [WeightFinding] {
    let source = found.relation.source
    let copied =
      source == parameter ? nil : Swapped.copy(of: source, at: parameter, in: config)
    return [copied, found.relation.order, found.relation.change].compactMap(\.self).map {
      WeightFinding(defect: $0, error: found.error)
    }
  }

  /// The explanation for reports.
  var diagnosis: Diagnosis {
    Diagnosis(
      defect.code, parameter: defect.parameter?.name, otherParameter: defect.other?.name,
      message: defect.statement.sentence(.reference), explains: error.share)
  }
}

extension [WeightFinding] {
  /// One finding for two parameters that hold each other's numbers: that of the first.
  var withPairsOnce: [WeightFinding] {
    let swaps = Dictionary(
      firstOfEach: filter { $0.defect.other != nil }.map { ($0.defect.parameter, $0) })
    var isDone: Set<Parameter> = []
    return compactMap { finding in
      guard let own = finding.defect.parameter, let other = finding.defect.other,
        let back = swaps[other], back.defect.other == own
      else { return finding }
      guard !isDone.contains(other) else { return nil }
      isDone.insert(own)
      var both = finding
      both.isMutual = true
      both.defect.statement.names += back.defect.statement.names
      both.defect.statement.predicate = Statement.swapped
      both.error.add(back.error)
      return both
    }
  }

  /// One finding for a weight and its bias where the same happened to both.
  var withBiasesInWeights: [WeightFinding] {
    let byParameter = Dictionary(grouping: self) { $0.defect.parameter }
    let weights = Dictionary(
      byParameter.keys.compactMap(\.self).flatMap { weight in
        weight.biases.map { ($0, [weight]) }
      }, uniquingKeysWith: +)
    return compactMap { finding in
      guard let own = finding.defect.parameter else { return finding }
      let isIncluded = (weights[own] ?? []).contains { weight in
        byParameter[weight]?.contains { $0.includes(finding) } ?? false
      }
      if isIncluded { return nil }
      let biases = own.biases.flatMap { byParameter[$0] ?? [] }
      guard let bias = biases.first(where: { finding.includes($0) }) else { return finding }
      var both = finding
      both.defect.statement.includesBiases = true
      both.error.add(bias.error)
      return both
    }
  }

  /// One finding for what happened to more than a few parameters where it is a matter of the whole
  /// file: its byte order or its precision.
  var withWholeFilesOnce: [WeightFinding] {
    let alike = Dictionary(grouping: filter(\.isOfFile), by: \.fate)
    return compactMap { finding in
      guard finding.isOfFile, let all = alike[finding.fate], all.count > Policy.namedOneByOne else {
        return finding
      }
      guard all[0].defect.parameter == finding.defect.parameter else { return nil }
      var whole = finding
      whole.defect.statement.names = ["each of \(all.count) parameters"]
      for other in all.dropFirst() { whole.error.add(other.error) }
      return whole
    }
  }
}

extension WeightFinding {
  /// Whether it is what happens to whole files.
  fileprivate var isOfFile: Bool { [ByteSwapped.code, PrecisionLoss.code].contains(defect.code) }

  /// What happened, wherever it did.
  fileprivate var fate: String {
    "\(defect.code.rawValue) \(defect.statement.owner) \(defect.statement.predicate)"
  }

  /// Whether `bias` says of this weight's bias what this says of the weight.
  fileprivate func includes(_ bias: WeightFinding) -> Bool {
    guard let own = defect.parameter, let other = bias.defect.parameter,
      defect.code == bias.defect.code, isMutual == bias.isMutual,
      defect.statement.owner == bias.defect.statement.owner,
      own.bias == other || (defect.code == VocabularyRows.code && own.biases.contains(other))
    else { return false }
    guard let source = defect.other else {
      return bias.defect.other == nil
        && defect.statement.predicate == bias.defect.statement.predicate
    }
    return source.bias == bias.defect.other
  }
}

extension Parameter {
  /// Its bias, and that of the vocabulary, whose rows are the word embeddings'.
  fileprivate var biases: [Parameter] {
    [bias, role == .wordEmbeddings ? Parameter(.mlmBias) : nil].compactMap(\.self)
  }
}
