internal import Albert

extension [WeightFinding] {
  /// One finding for two parameters that hold each other's numbers: that of the first.
  var withPairsOnce: [WeightFinding] {
    let swaps = Dictionary(
      filter { $0.other != nil }.map { ($0.parameter, $0) }, uniquingKeysWith: { first, _ in first }
    )
    var isDone: Set<Parameter> = []
    return compactMap { finding in
      guard let other = finding.other, let back = swaps[other], back.other == finding.parameter
      else { return finding }
      guard !isDone.contains(other) else { return nil }
      isDone.insert(finding.parameter)
      var both = finding
      both.isMutual = true
      both.error.add(back.error)
      return both
    }
  }

  /// One finding for a weight and its bias where the same happened to both.
  var withBiasesInWeights: [WeightFinding] {
    let byParameter = Dictionary(grouping: self, by: \.parameter)
    let weights = Dictionary(
      byParameter.keys.flatMap { weight in weight.biases.map { ($0, [weight]) } },
      uniquingKeysWith: +)
    return compactMap { finding in
      let isIncluded = (weights[finding.parameter] ?? []).contains { weight in
        byParameter[weight]?.contains { $0.includes(finding) } ?? false
      }
      if isIncluded { return nil }
      let biases = finding.parameter.biases.flatMap { byParameter[$0] ?? [] }
      guard let bias = biases.first(where: { finding.includes($0) }) else { return finding }
      var both = finding
      both.includesBias = true
      both.error.add(bias.error)
      return both
    }
  }

  /// One finding for what happened to more than a few parameters where it is a matter of the whole
  /// file: its byte order or its precision.
  var withWholeFilesOnce: [WeightFinding] {
    let namedOneByOne = 4
    let alike = Dictionary(grouping: filter(\.isOfFile), by: \.fate)
    return compactMap { finding in
      guard finding.isOfFile, let all = alike[finding.fate], all.count > namedOneByOne else {
        return finding
      }
      guard all[0].parameter == finding.parameter else { return nil }
      var whole = finding
      whole.count = all.count
      for other in all.dropFirst() { whole.error.add(other.error) }
      return whole
    }
  }
}

extension WeightFinding {
  /// Whether it is what happens to whole files.
  fileprivate var isOfFile: Bool { code == .byteSwapped || code == .precisionLoss }

  /// What happened, wherever it did.
  fileprivate var fate: String { "\(code.rawValue) \(isOfReference) \(words)" }

  /// Whether `bias` says of this weight's bias what this says of the weight.
  fileprivate func includes(_ bias: WeightFinding) -> Bool {
    guard code == bias.code, isMutual == bias.isMutual, isOfReference == bias.isOfReference,
      parameter.bias == bias.parameter
        || (code == .vocabularyRows && parameter.biases.contains(bias.parameter))
    else { return false }
    return other == nil ? bias.other == nil && words == bias.words : other?.bias == bias.other
  }
}

extension Parameter {
  /// The bias that belongs to a weight, in the same block.
  fileprivate var bias: Parameter? { role.bias.map { Parameter($0, group: group, inner: inner) } }

  /// That bias, and that of the vocabulary, whose rows are the word embeddings'.
  fileprivate var biases: [Parameter] {
    [bias, role == .wordEmbeddings ? Parameter(.mlmBias) : nil].compactMap(\.self)
  }
}
