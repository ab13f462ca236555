internal import AlbertArchitecture
internal import AlbertTensors

/// What an encoder's result goes into: pooler, masked-LM head, sentence order, a task's head.
struct GraphHeads {
  var pooler: GraphLinear?
  var mlm: MaskedLM?
  var sop: GraphLinear?
  var task: (head: TaskHead, linear: GraphLinear)?

  /// The masked-LM head.
  struct MaskedLM {
    let dense: GraphLinear
    let activation: Activation?
    let norm: GraphNorm
    let decoder: GraphLinear
  }
}

extension GraphParts {
  /// The heads over the value `output` of an encoder whose word embeddings have `words` rows.
  func heads(
    over output: String, words: Int, choices: Bool, hint: TaskHead?
  ) -> GraphHeads {
    var heads = GraphHeads()
    let pooled = pooler(over: output)
    heads.pooler = pooled?.linear
    heads.mlm = maskedLM(over: output, words: words)

    for linear in linears[output] ?? [] {
      guard linear.value != heads.mlm?.dense.value, linear.value != heads.pooler?.value,
        let ends = ends(of: linear.value)
      else { continue }
      let isSplit = ends.outputs.count > 1 || ends.splits
      let isQuestion =
        names(linear, ends.outputs, contain: "qa_outputs")
        || (linear.weight.outputs == 2 && isSplit)
      let found = isQuestion ? TaskHead.questionAnswering : .tokenClassification
      heads.task = (hint.flatMap { $0.usesPooler ? nil : $0 } ?? found, linear)
    }
    for linear in pooled.flatMap({ linears[$0.value] }) ?? [] {
      guard let ends = ends(of: linear.value) else { continue }
      let isOrder =
        names(linear, ends.outputs, contain: "sop")
        || (heads.mlm != nil && linear.weight.outputs == 2
          && !names(linear, ends.outputs, contain: "classifier.weight"))
      if isOrder && heads.sop == nil {
        heads.sop = linear
      } else {
        let isChoice = choices && linear.weight.outputs == 1
        let found = isChoice ? TaskHead.multipleChoice : .sequenceClassification
        heads.task = (hint.flatMap { $0.usesPooler ? $0 : nil } ?? found, linear)
      }
    }
    return heads
  }

  /// Tanh of a linear layer over the first token, and the value that it gives.
  private func pooler(over output: String) -> (linear: GraphLinear, value: String)? {
    for node in view.graph.nodes {
      guard node.operation == "Tanh" || node.text("activation") == "Tanh",
        let value = node.outputs.first, let (linear, activation) = activated(value),
        activation == .tanh, firstToken(linear.input) == output
      else { continue }
      return (linear, value)
    }
    return nil
  }

  /// The value of which `value` is the first token's part.
  private func firstToken(_ value: String) -> String? {
    var value = view.flow(value)
    var isFirst = false
    for _ in 0..<8 {
      guard let node = view.graph.producer(of: value), let input = node.input(0) else { break }
      if node.operation == "Gather", !isFirst, node.integer("axis") == 1,
        node.input(1).flatMap(view.integers) == [0]
      {
        isFirst = true
      } else if node.operation == "Slice", let tokens = slicedTokens(node) {
        // A slice of the other axes takes all of it.
        guard tokens != 1 || !isFirst else { return nil }
        if tokens == 1 { isFirst = true }
      } else {
        break
      }
      value = view.flow(input)
    }
    return isFirst ? value : nil
  }

  /// How many tokens a slice takes from the first on, or all; nil for one that begins later.
  private func slicedTokens(_ node: OperatorNode) -> Int? {
    let axes = node.input(3).flatMap(view.integers) ?? []
    guard let starts = node.input(1).flatMap(view.integers),
      let ends = node.input(2).flatMap(view.integers),
      starts.count == ends.count, axes.isEmpty || axes.count == starts.count,
      starts.allSatisfy({ $0 == 0 })
    else { return nil }
    let place = (axes.isEmpty ? Array(starts.indices) : axes).firstIndex(of: 1)
    return place.map { ends[$0] } ?? .max
  }

  /// Whether `value` is `output`, or some tokens of it: KerasHub's head computes only those that it is asked for.
  private func holds(_ value: String, of output: String) -> Bool {
    view.search(
      from: value,
      through: {
        GraphView.moves($0) || ["Gather", "GatherND", "GatherElements"].contains($0.operation)
      }, { view.flow($0) == output ? true : nil }) ?? false
  }

  private func maskedLM(over output: String, words: Int) -> GraphHeads.MaskedLM? {
    for norm in norms.values.ordered(by: \.value) {
      guard norm.inputs.count == 1,
        let decoder = linears[norm.value]?.first(where: {
          $0.weight.outputs == words
        }), let (dense, activation) = activated(norm.inputs[0]), holds(dense.input, of: output)
      else { continue }
      return GraphHeads.MaskedLM(
        dense: dense, activation: activation, norm: norm, decoder: decoder)
    }
    return nil
  }

  /// The outputs of the graph that `value` becomes with nothing but moves and a last softmax on the
  /// way; nil where it goes elsewhere.
  private func ends(of value: String) -> (outputs: [String], splits: Bool)? {
    let all = Set(view.graph.outputs)
    var outputs: [String] = []
    var splits = false
    var queue = [value]
    var next = 0
    while next < queue.count, next < GraphView.widest {
      let value = queue[next]
      next += 1
      if all.contains(value) { outputs.append(value) }
      for index in view.graph.consumers(of: value) {
        let node = view.graph.nodes[index]
        switch node.operation {
        case "Split": splits = true
        case "Squeeze", "Unsqueeze", "Reshape", "Identity", "Cast", "Slice", "Gather", "Softmax",
          "LogSoftmax", "Sigmoid", "QuantizeLinear", "DequantizeLinear", "Flatten":
          break
        case "Shape", "DynamicQuantizeLinear": continue
        default: return nil
        }
        queue += node.outputs.filter { !$0.isEmpty }
      }
    }
    return outputs.isEmpty ? nil : (outputs, splits)
  }

  private func names(_ linear: GraphLinear, _ outputs: [String], contain part: String) -> Bool {
    ([linear.weight.tensor, linear.bias ?? "", linear.node] + outputs).contains {
      $0.contains(part)
    }
  }
}
