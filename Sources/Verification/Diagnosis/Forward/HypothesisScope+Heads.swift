internal import Albert
internal import Tensors

extension HypothesisScope {
  /// Another number of heads over the same weights.
  var headCounts: [Hypothesis] {
    let width = config.hiddenSize
    let counts = (1...min(width, 128)).filter {
      width.isMultiple(of: $0) && $0 != config.numAttentionHeads
    }
    return counts.sorted {
      abs($0 - config.numAttentionHeads) < abs($1 - config.numAttentionHeads)
    }
    .map { heads in
      Hypothesis(
        .headCount,
        "the golden file was computed with \(heads) heads, the subject says "
          + "\(config.numAttentionHeads)",
        places: encoder
      ) { $0.config.numAttentionHeads = heads }
    }
  }

  /// Features of query, key, value and output that are dealt to the heads in another order.
  var headOrders: [Hypothesis] {
    let heads = config.numAttentionHeads
    let size = config.headSize
    guard heads > 1, size > 1 else { return [] }
    let count = heads * size
    let orders: [([Int], String)] = [
      (
        (0..<count).map { $0 % size * heads + $0 / size },
        "as [head size, heads] where [heads, head size] is meant"
      ),
      (
        (0..<count).map { $0 % heads * size + $0 / heads },
        "as [heads, head size] where [head size, heads] is meant"
      ),
      ((0..<count).map { (heads - 1 - $0 / size) * size + $0 % size }, "with the heads reversed"),
    ]
    return orders.enumerated().flatMap { index, order in
      // Where there are as many heads as features of one, both orders are the same.
      index == 1 && order.0 == orders[0].0 ? [] : headOrders(order.0, order.1)
    }
  }

  /// The features of some of the four matrices, dealt in one order.
  func headOrders(_ order: [Int], _ words: String) -> [Hypothesis] {
    let sets: [[ParameterRole]] = [
      [.queryWeight], [.keyWeight], [.valueWeight], [.attentionOutputWeight],
      [.queryWeight, .keyWeight], [.queryWeight, .keyWeight, .valueWeight],
      [.queryWeight, .keyWeight, .valueWeight, .attentionOutputWeight],
      [.valueWeight, .attentionOutputWeight],
    ]
    var result: [Hypothesis] = []
    for roles in sets {
      for withBiases in [true, false] where withBiases || roles != [.attentionOutputWeight] {
        for site in sites(roles) {
          let parameters = site.flatMap(\.self)
          let named = site.map(words(_:)).joined(separator: ", ")
          result.append(
            Hypothesis(
              .permutedHeads, parameters,
              "one side holds the features of \(named) \(words)"
                + (withBiases || roles == [.attentionOutputWeight] ? "" : ", not their biases")
            ) { trial in
              for parameter in parameters {
                if parameter.role == .attentionOutputWeight {
                  trial.permuteColumns(parameter, order)
                  continue
                }
                trial.permuteRows(parameter, order)
                if withBiases, let bias = parameter.role.bias {
                  trial.permuteRows(
                    Parameter(bias, group: parameter.group, inner: parameter.inner), order)
                }
              }
            })
        }
      }
    }
    return result
  }

  /// Heads in the order in which recorded probabilities show them; nil where they show none.
  ///
  /// Each recorded head is looked for among the subject's.
  func recordedHeadOrder(_ computed: [Double], _ sequences: [Int], allowed: Double) -> [Int]? {
    guard case .attentions = step.target, let entry = recording[step.target] else { return nil }
    let heads = config.numAttentionHeads
    let square = recording.inputs.sequence * recording.inputs.sequence
    let recorded = recording.values(entry, sequences)
    guard recorded.count == computed.count, recorded.count == sequences.count * heads * square
    else { return nil }
    var order: [Int] = []
    for head in 0..<heads {
      let match = (0..<heads).first { other in
        sequences.indices.allSatisfy { row in
          let from = (row * heads + head) * square
          let to = (row * heads + other) * square
          return (0..<square).allSatisfy { abs(recorded[from + $0] - computed[to + $0]) <= allowed }
        }
      }
      guard let match, !order.contains(match) else { return nil }
      order.append(match)
    }
    return order == Array(0..<heads) ? nil : order
  }
}
