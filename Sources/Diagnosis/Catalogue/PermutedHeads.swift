internal import AlbertArchitecture
internal import AlbertTensors

/// Features of query, key, value and output that are dealt to the heads in another order.
enum PermutedHeads: DefectKind {
  /// Attention heads are in another order, or interleaved with their dimensions.
  static let code = Diagnosis.Code(rawValue: "permuted-heads")

  /// Orders that need no search, in words: features dealt in turns either way.
  private static func known(heads: Int, size: Int) -> [(order: [Int], words: String)] {
    let places = 0..<heads * size
    let orders = [
      (
        places.map { $0 % heads * size + $0 / heads },
        "has its heads interleaved: [dimension, head] instead of [head, dimension]"
      ),
      (
        places.map { $0 % size * heads + $0 / size },
        "has its heads taken for interleaved: split as [dimension, head] instead of [head, dimension]"
      ),
    ]
    // Where there are as many heads as features of one, both are the same.
    return heads == size ? [orders[0]] : orders
  }

  static func candidates(in scope: Scope) -> [Defect] {
    if let parameter = scope.parameter {
      return scope.headCounts.flatMap { heads -> [Defect] in
        guard let layout = HeadLayout(parameter.parameter, parameter.shape, heads: heads) else {
          return []
        }
        return known(heads: heads, size: layout.size).map { order, words in
          scope.defect(code, [parameter.parameter], words) { .reorder($0, layout.order(order)) }
        }
      }
    }
    let (heads, size) = (scope.config.numAttentionHeads, scope.config.headSize)
    guard heads > 1, size > 1, scope.step?.blocks.isEmpty == false else { return [] }
    let reversed = (0..<heads).reversed().map { $0 }
    return (known(heads: heads, size: size) + [(features(reversed, size), words(reversed))])
      .flatMap { dealt($0.order, $0.words, scope) }
  }

  static func features(_ heads: [Int], _ size: Int) -> [Int] {
    heads.flatMap { head in (0..<size).map { head * size + $0 } }
  }

  static func words(_ order: [Int]) -> String {
    let list = order.prefix(16).map(String.init).joined(separator: ", ")
    return "has its heads in the order \(list)\(order.count > 16 ? ", …" : "")"
  }

  /// The features of some of the four matrices, dealt in one order.
  private static func dealt(_ order: [Int], _ words: String, _ scope: Scope) -> [Defect] {
    let sets: [[ParameterRole]] = [
      [.queryWeight], [.keyWeight], [.valueWeight], [.attentionOutputWeight],
      [.queryWeight, .keyWeight], [.queryWeight, .keyWeight, .valueWeight],
      [.queryWeight, .keyWeight, .valueWeight, .attentionOutputWeight],
      [.valueWeight, .attentionOutputWeight],
    ]
    return sets.flatMap { roles in
      (roles == [.attentionOutputWeight] ? [false] : [true, false]).flatMap { withBiases in
        scope.sites(roles).map { site in
          let parameters = site.flatMap(\.self)
          // The features of the output's bias are those of no head.
          let biases = parameters.filter { withBiases && $0.role != .attentionOutputWeight }
            .compactMap(\.bias)
          return dealt(
            order, words, parameters, biases, names: site.map(scope.words), scope)
        }
      }
    }
  }

  /// One order of the features of matrices, called by their names, and of biases of theirs.
  static func dealt(
    _ order: [Int], _ words: String, _ weights: [Parameter], _ biases: [Parameter],
    names: [String], _ scope: Scope
  ) -> Defect {
    let edits = (weights + biases).compactMap { parameter in
      HeadLayout(
        parameter, parameter.role.shape(in: scope.config), heads: scope.config.numAttentionHeads
      ).map { Edit.reorder(parameter, $0.order(order)) }
    }
    let statement = Statement(
      names: names, predicate: words, owner: scope.owner(isSymmetric: false),
      includesBiases: !biases.isEmpty)
    return Defect(code, weights, statement, edits)
  }

  static func orders(shownBy numbers: NumberPair) -> [Defect] {
    let (scope, own) = (numbers.scope, numbers.parameter)
    guard own.shape == own.referenceShape else { return [] }
    return scope.headCounts.compactMap { heads in
      guard let layout = HeadLayout(own.parameter, own.shape, heads: heads),
        let order = numbers.read({ value, expected in
          let closeness = numbers.closeness
          return HeadOrder.matching(heads) { head, other in
            layout.places(Policy.headProbes).allSatisfy { row, column in
              closeness.holds(
                value(layout.index(head, row, column)), expected(layout.index(other, row, column)))
            }
          }
        })
      else { return nil }
      return scope.defect(code, [own.parameter], words(order)) {
        .reorder($0, layout.order(features(order, layout.size)))
      }
    }
  }

  /// Heads in the order in which recorded probabilities show them, each looked for among the
  /// subject's; of the matrices that may be ordered so, first what leaves least of the error.
  static func proposals(for question: StepQuestion, in evidence: OutputEvidence) -> [Candidate] {
    let (step, golden, config) = (question.step, evidence.golden, question.model.config)
    if let shown = orders(shownByStraysOf: question, in: evidence) { return [shown] }
    guard case .attentions = step.target, let entry = golden[step.target],
      let computed = evidence.passes.values(question.probed, .confirmation)
    else { return [] }
    let (heads, square) = (
      config.numAttentionHeads, golden.inputs.sequence * golden.inputs.sequence
    )
    let recorded = golden.values(entry, question.sequences)
    let rows = question.sequences.count
    guard recorded.count == computed.count, recorded.count == rows * heads * square else {
      return []
    }
    let allowed = 2 * evidence.allowed(step, .reference, config) + 1e-6
    let order = HeadOrder.matching(heads) { head, other in
      (0..<rows * square).allSatisfy { place in
        let (row, index) = place.quotientAndRemainder(dividingBy: square)
        let (from, to) = ((row * heads + head) * square, (row * heads + other) * square)
        return abs(recorded[from + index] - computed[to + index]) <= allowed
      }
    }
    guard let order else { return [] }
    // The query and the key show here; the value shows in the hidden state that follows.
    let next = Step.all(golden, question.model).first { other in
      other.target.layersBefore(config) != nil
        && other.layers.contains(step.layers.upperBound - 1)
    }
    let defects = dealt(features(order, config.headSize), words(order), question.scope)
    let errors = defects.map { defect in
      let edited = question.model.applying(defect.edits)
      return ([step] + [next].compactMap(\.self)).reduce(0.0) { sum, step in
        let pass = Pass(edited, step, question.sequences, .reference)
        return sum + (evidence.passes.residual(pass, .confirmation)?.norm ?? .infinity)
      }
    }
    let best = errors.indices.min { (errors[$0], $0) < (errors[$1], $1) }
    return best.map { [.read(defects[$0])] } ?? []
  }
}
