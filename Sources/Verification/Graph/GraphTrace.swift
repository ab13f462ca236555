internal import AlbertArchitecture
internal import AlbertGraphEngine
internal import AlbertGraphs
internal import AlbertTensors

/// Where a graph goes the way of a reference: which of its values are landmarks.
struct GraphTrace {
  /// A landmark that a node gives.
  struct Match {
    let node: Int
    let value: String
    let maxAbs: Double
  }

  private let landmarks: [Landmark]
  /// The largest difference that rounding explains, by landmark.
  private let allowed: [Double]
  private let byCount: [Int: [Int]]
  private let indices: [String: Int]
  private let graph: Graph
  /// The best value for each landmark that was found.
  private(set) var matches: [Int: Match] = [:]
  /// Nodes that give a landmark, by landmark, and nodes that give numbers with a fraction.
  private var givers: [Int: Set<Int>] = [:]
  private var numeric: Set<Int> = []
  /// How far a node's value is from the nearest landmark of its size that nothing has given before.
  private var distances: [Int: (landmark: Int, maxAbs: Double)] = [:]

  /// Scores below this are hidden by a mask; exporters add -10000 and less.
  private static let hidden = -1000.0

  /// A trace of a graph beside landmarks, each with what may be off.
  init(_ graph: Graph, _ landmarks: [Landmark], allowed: [Double]) {
    self.graph = graph
    self.landmarks = landmarks
    self.allowed = allowed
    byCount = Dictionary(grouping: landmarks.indices) { landmarks[$0].count }
    indices = Dictionary(
      firstOfEach: graph.nodes.enumerated().flatMap { index, node in
        node.outputs.filter { !$0.isEmpty }.map { ($0, index) }
      })
  }

  /// Takes in a value as the graph gives it.
  mutating func take(_ name: String, _ value: GraphValue) {
    guard let node = indices[name], case .numbers(let numbers) = value.storage else { return }
    numeric.insert(node)
    for landmark in byCount[value.count] ?? [] {
      // What is farther off than this changes nothing, so that most values need but a glance.
      let nearest = matches[landmark] == nil ? distances[node]?.maxAbs ?? .infinity : 0
      let (distance, isRight) = compare(
        numbers, landmark, within: max(nearest, allowed[landmark]))
      if isRight {
        givers[landmark, default: []].insert(node)
        if matches[landmark].map({ distance < $0.maxAbs }) ?? true {
          // The first node counts: what only moves or copies the numbers comes behind it.
          let first = matches[landmark].map { ($0.node, $0.value) } ?? (node, name)
          matches[landmark] = Match(node: first.0, value: first.1, maxAbs: distance)
        }
      } else if matches[landmark] == nil,
        distances[node].map({ distance < $0.maxAbs }) ?? true
      {
        distances[node] = (landmark, distance)
      }
    }
  }

  /// How far numbers are from a landmark in the nearest of its layouts; infinity beyond `limit`.
  private func compare(
    _ numbers: [Double], _ index: Int, within limit: Double
  ) -> (maxAbs: Double, isRight: Bool) {
    var best = Double.infinity
    let masked = landmarks[index].masked
    for layout in landmarks[index].layouts {
      let limit = min(best, limit)
      var worst = 0.0
      for (place, expected) in layout.enumerated() {
        if let masked, masked[place] {
          if numbers[place] < Self.hidden { continue }
          worst = .infinity
          break
        }
        let difference = abs(numbers[place] - expected)
        guard difference <= limit else {
          worst = .infinity
          break
        }
        worst = max(worst, difference)
      }
      best = min(best, worst)
    }
    return (best, best <= allowed[index])
  }

  /// The stages that were found, in the order of computation.
  var found: [GraphOutcome.Found] {
    landmarks.enumerated().compactMap { index, landmark in
      guard let stage = landmark.stage, let match = matches[index] else { return nil }
      return GraphOutcome.Found(
        stage: stage, value: match.value, node: graph.nodes[match.node].plainTitle,
        maxAbs: match.maxAbs)
    }
  }

  /// Whether an output that is not the stage it was taken for is computed from the value that is.
  func isBehind(_ output: GraphOutcome.Output) -> Bool {
    guard output.outcome == .fail, output.problem == nil, let stage = output.stage,
      let last = indices[output.name],
      let node = matches.first(where: { landmarks[$0.key].stage == stage })?.value.node
    else { return false }
    return node != last && ancestors(of: [last]).contains(node)
  }

  /// The number of landmarks that are stages.
  var sought: Int { landmarks.count { $0.stage != nil } }

  /// Landmarks that were found and are believed: what a layer's parts are like may come out right by
  /// chance, as probabilities do that hardly depend on anything, where what went into the layer is wrong.
  private var trusted: Set<Int> {
    var result: Set<Int> = []
    var isReached = true
    for index in landmarks.indices {
      if landmarks[index].isBottleneck {
        isReached = matches[index] != nil
      }
      if isReached, matches[index] != nil { result.insert(index) }
    }
    return result
  }

  /// The first node on the way to `outputs` that takes right values and gives what leads to no right
  /// one any more.
  func divergence(to outputs: Set<String>) -> GraphOutcome.Divergence? {
    let trusted = trusted
    let right = trusted.reduce(into: Set<Int>()) { $0.formUnion(givers[$1] ?? []) }
    let live = ancestors(of: outputs.compactMap { indices[$0] })
    let leads = ancestors(of: Array(right))
    let carrying = carrying(right)
    let first = graph.nodes.indices.first { index in
      live.contains(index) && numeric.contains(index) && !leads.contains(index)
        && carrying.contains(index)
    }
    guard let first else { return nil }
    let node = graph.nodes[first]
    let reached =
      matches.filter { $0.value.node < first && trusted.contains($0.key) }.keys.max() ?? -1
    let missing = landmarks.indices.dropFirst(reached + 1).first {
      !trusted.contains($0) && !landmarks[$0].isOptional
    }
    let before = landmarks.indices.prefix(missing ?? landmarks.count).last { index in
      landmarks[index].stage != nil && trusted.contains(index)
    }
    return GraphOutcome.Divergence(
      node: node.plainTitle, operation: node.qualifiedOperation,
      inputs: node.inputs.filter { !$0.isEmpty },
      maxAbs: distances[first]?.maxAbs,
      stageBefore: before.flatMap { landmarks[$0].stage },
      expected: missing.map { landmarks[$0].name })
  }

  /// The nodes and all those whose values they take, graphs within nodes included.
  private func ancestors(of nodes: [Int]) -> Set<Int> {
    var result = Set(nodes)
    var queue = nodes
    while let index = queue.popLast() {
      let node = graph.nodes[index]
      for name in node.inputs + node.captured {
        guard let producer = indices[name], result.insert(producer).inserted else { continue }
        queue.append(producer)
      }
    }
    return result
  }

  /// Nodes that pass on what depends on the inputs and on the model's numbers: those behind a
  /// landmark, and those that take a stored tensor of numbers beside something that is computed.
  private func carrying(_ right: Set<Int>) -> Set<Int> {
    var result: Set<Int> = []
    var computed = Set(graph.inputs.map(\.name))
    for (index, node) in graph.nodes.enumerated() {
      let taken = node.inputs + node.captured
      guard taken.contains(where: computed.contains) else { continue }
      computed.formUnion(node.outputs)
      let isBehind = taken.contains { name in
        guard let producer = indices[name] else { return false }
        return numeric.contains(producer) && (right.contains(producer) || result.contains(producer))
      }
      let takesTable = taken.contains { name in
        graph.initializers[name].map { $0.type.family == .numbers && $0.shape.count > 1 } ?? false
      }
      if isBehind || takesTable { result.insert(index) }
    }
    return result
  }
}
