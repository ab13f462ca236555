internal import AlbertArchitecture
internal import AlbertGraphEngine
internal import AlbertReferenceModel
internal import AlbertTensors

extension Landmarks {
  mutating func block(_ hidden: [Double], _ layer: Int, _ inner: Int) -> [Double] {
    let group = config.layerMap.groups[layer]
    func parameter(_ role: ParameterRole) -> Parameter {
      Parameter(role, group: group, inner: inner)
    }
    let place = config.innerGroupNum == 1 ? "layer \(layer)" : "layer \(layer), block \(inner)"
    let d = config.headSize
    let index = layer * config.innerGroupNum + inner
    let isLast = inner == config.innerGroupNum - 1
    let scores = Stage.attentions(index)
    let output = Stage.hiddenStates(layer + 1)
    var parts: [[Double]] = []
    for (word, weight) in [
      ("query", ParameterRole.queryWeight), ("key", .keyWeight), ("value", .valueWeight),
    ] {
      let part = linear(hidden, parameter(weight), "the \(word) of \(place)", scores)
      parts.append(part)
      let split = byHead(part)
      let turned = byHead(part, isTurned: true)
      addOptional("the \(word) of \(place) by heads", scores, split, turned)
      for factor in [1 / Double(d).squareRoot(), 1 / Double(d).squareRoot().squareRoot()]
      where word != "value" {
        addOptional(
          "the scaled \(word) of \(place)", scores, split.map { $0 * factor },
          turned.map { $0 * factor }, part.map { $0 * factor })
      }
    }
    let (context, byHeads) = attention(parts, place, scores)
    add("the context of \(place)", output, context, byHeads)
    let attended = linear(
      context, parameter(.attentionOutputWeight), "the attention's output of \(place)", output)
    let sum = zip(hidden, attended).map { $0 + $1 }
    add("the sum behind the attention of \(place)", output, sum)
    let normal = layerNorm(
      sum, parameter(.attentionLayerNormWeight), "the attention's LayerNorm of \(place)", output)
    let wide = linear(
      normal, parameter(.ffnWeight), "the feed-forward's first product of \(place)", output)
    let active = wide.map { config.hiddenAct($0) }
    add("the activation of \(place)", output, active)
    let narrow = linear(
      active, parameter(.ffnOutputWeight), "the feed-forward's output of \(place)", output)
    let total = zip(normal, narrow).map { $0 + $1 }
    add("the sum behind the feed-forward of \(place)", output, total)
    return layerNorm(
      total, parameter(.fullLayerNormWeight), "the output of \(place)", output,
      stage: isLast ? output : nil)
  }

  /// [tokens, H] as [sequences, heads, s, d], or with the last two axes exchanged.
  private func byHead(_ x: [Double], isTurned: Bool = false) -> [Double] {
    let (s, heads, d) = (inputs.sequence, config.numAttentionHeads, config.headSize)
    return x.indices.map { index in
      let (row, column) = (index / (isTurned ? s : d), index % (isTurned ? s : d))
      let token = isTurned ? column : row % s
      let feature = isTurned ? row % d : column
      let block = isTurned ? row / d : row / s
      let (sequence, head) = (block / heads, block % heads)
      return x[(sequence * s + token) * heads * d + head * d + feature]
    }
  }

  /// softmax(Q Kᵀ / √d + mask) V, noting the scores and the probabilities.
  mutating func attention(
    _ parts: [[Double]], _ place: String, _ stage: Stage
  ) -> (context: [Double], byHeads: [Double]) {
    let (s, heads, d) = (inputs.sequence, config.numAttentionHeads, config.headSize)
    let blocks = inputs.sequences * heads
    let query = byHead(parts[0])
    let key = byHead(parts[1], isTurned: true)
    let value = byHead(parts[2])
    let raw = MatrixProduct.multiply(
      query, key, (0..<blocks).map { ($0 * s * d, $0 * s * d) }, rows: s, depth: d, columns: s)
    let scores = raw.map { $0 / Double(d).squareRoot() }
    addOptional("the attention scores of \(place) before their scale", stage, raw)
    add("the attention scores of \(place)", stage, scores)
    let masked = scores.indices.map { inputs.isPadding($0 / (heads * s * s) * s + $0 % s) }
    all.append(
      Landmark(
        name: "the masked scores of \(place)", stage: nil, nearest: stage, layouts: [scores],
        isOptional: true, masked: masked))
    var weights = scores
    for row in 0..<blocks * s {
      let range = row * s..<(row + 1) * s
      // As every exporter does: where nothing is attended to, all scores become one number.
      let line = range.map { masked[$0] ? -Double.greatestFiniteMagnitude : scores[$0] }
      let top = line.max() ?? 0
      let powers = line.map { ActivationFunctions.exponential($0 - top) }
      let sum = powers.reduce(0, +)
      for (index, power) in zip(range, powers) { weights[index] = power / sum }
    }
    add("the attention probabilities of \(place)", stage, stage: stage, weights)
    let byHeads = MatrixProduct.multiply(
      weights, value, (0..<blocks).map { ($0 * s * s, $0 * s * d) }, rows: s, depth: s, columns: d)
    let context = byHeads.indices.map { index in
      let (token, feature) = (index / (heads * d), index % (heads * d))
      let block = token / s * heads + feature / d
      return byHeads[(block * s + token % s) * d + feature % d]
    }
    return (context, byHeads)
  }
}
