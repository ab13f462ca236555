internal import AlbertArchitecture
internal import AlbertTensors

extension WeightEvidence {
  /// The numbers of heads that either side has.
  var headCounts: [Int] {
    let counts = [reference.config.numAttentionHeads, subject.config.numAttentionHeads]
    return counts[0] == counts[1] ? [counts[0]] : counts
  }

  /// A parameter's shape on either side.
  func shapes(of parameter: Parameter) -> (subject: Shape, reference: Shape) {
    (parameter.role.shape(in: subject.config), parameter.role.shape(in: reference.config))
  }

  /// What messages call a parameter.
  func words(_ parameter: Parameter) -> String { parameter.words(in: reference.config) }

  /// Whether a parameter is a matrix.
  func isMatrix(_ parameter: Parameter) -> Bool {
    parameter.role.shape(in: reference.config).rank == 2
  }

  /// Hands over readers of the numbers of a subject's parameter, and of what a change makes of those of
  /// one of the reference's.
  func read<R>(
    _ mine: Parameter, _ theirs: Parameter, changing change: NumberChange? = nil,
    _ body: (_ value: (Int) -> Double, _ expected: (Int) -> Double) -> R
  ) -> R {
    let types = (subject.elementType(of: mine), reference.elementType(of: theirs))
    return subject.withBytes(of: mine) { mine in
      reference.withBytes(of: theirs) { theirs in
        body(
          { mine.double(at: $0, of: types.0) ?? .nan },
          { index in
            let number = theirs.double(at: index, of: types.1) ?? .nan
            return change?.apply(number) ?? number
          })
      }
    }
  }

  /// When an element of a subject's parameter counts as that of one of the reference's.
  func closeness(_ mine: Parameter, _ theirs: Parameter) -> Closeness {
    Closeness(subject.elementType(of: mine), reference.elementType(of: theirs))
  }

  /// The numbers of both sides that are looked at: enough to be sure.
  private func samples(_ parameter: Parameter) -> [(mine: Double, theirs: Double)] {
    let indices = SpreadIndices(count: shapes(of: parameter).subject.count)
    return read(parameter, parameter) { mine, theirs in
      indices.prefix(Policy.resemblance.upperBound).map { (mine($0), theirs($0)) }
    }
  }

  /// The cosine of the angle between the two sides' samples.
  func similarity(_ parameter: Parameter) -> Double {
    var (product, mine, theirs) = (0.0, 0.0, 0.0)
    for sample in samples(parameter) {
      product += sample.mine * sample.theirs
      mine += sample.mine * sample.mine
      theirs += sample.theirs * sample.theirs
    }
    let norms = (mine * theirs).squareRoot()
    return norms > 0 ? product / norms : 0
  }

  /// Whether the subject's numbers are as spread as those that a new model begins with.
  func looksFresh(_ parameter: Parameter) -> Bool {
    let numbers = samples(parameter).map(\.mine)
    let mean = numbers.reduce(0, +) / Double(max(1, numbers.count))
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Policy.freshDeviations.contains((squares / Double(max(1, numbers.count))).squareRoot())
  }

  /// Whether the numbers of either side are so few different ones that they were quantised.
  func isOnGrid(_ parameter: Parameter) -> Bool {
    let samples = samples(parameter)
    return [samples.map(\.mine), samples.map(\.theirs)].contains {
      Double(Set($0).count) < Policy.distinctSamples * Double(samples.count)
    }
  }

  /// What a matrix is nearly: the first relation to `sources` that it correlates with; nil where it
  /// resembles what it should be, or nothing.
  func resemblance(_ question: Question, _ sources: [Parameter]) -> Relation? {
    let parameter = question.parameter
    guard parameter.shape.rank == 2, parameter.shape.count >= Policy.resemblance.lowerBound,
      parameter.shape == parameter.referenceShape
    else { return nil }
    let indices = Array(
      SpreadIndices(count: parameter.shape.count).prefix(Policy.resemblance.upperBound))
    let values = subject.withNumbers(of: parameter.parameter) { indices.map($0) }
    func correlation(_ relation: Relation) -> Double {
      var sums = Correlation()
      sums.add(
        values,
        reference.withNumbers(of: relation.source) { number in
          indices.map { relation.value(at: $0, number) ?? .nan }
        })
      return sums.value ?? 0
    }
    // Numbers of the opposite sign are unlike too.
    guard correlation(Relation(parameter.parameter)) < Policy.unlike else { return nil }
    let negated = question.changes.first { $0.numberChange == .negated }
    for source in sources {
      for order in [nil] + question.orders.map(Optional.some) {
        for change in [nil, negated] {
          let relation = Relation(source, order: order, change: change, isResemblance: true)
          if correlation(relation) >= Policy.alike { return relation }
        }
      }
    }
    return nil
  }
}

extension ParameterStore {
  /// Hands over a reader of a parameter's numbers.
  func withNumbers<R>(of parameter: Parameter, _ body: ((Int) -> Double) -> R) -> R {
    let type = elementType(of: parameter)
    return withBytes(of: parameter) { bytes in body { bytes.double(at: $0, of: type) ?? .nan } }
  }
}

extension NumberPair {
  /// Where the rows of the table come from; nil where hardly any is one of the reference's.
  var rowOrder: RowOrder? {
    let (mine, theirs) = (parameter.shape.dimensions, parameter.referenceShape.dimensions)
    guard let count = mine.first, let available = theirs.first,
      mine.dropFirst() == theirs.dropFirst()
    else { return nil }
    let closeness = closeness
    // Rows are looked up, so that they must be equal, not only close.
    let isExact = closeness.ulps == 0
    return read { value, expected in
      RowOrder(
        count: count, among: available, width: parameter.rowWidth,
        { isExact ? value($0) : closeness.type.nearest(value($0)) },
        { isExact ? expected($0) : closeness.type.nearest(expected($0)) })
    }
  }
}
