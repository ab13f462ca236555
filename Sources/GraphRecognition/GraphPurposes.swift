internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors
internal import AlbertUpstreams

/// What the tensors of a graph are for: parameters, copies of them, or constants of the graph.
struct GraphPurposes {
  var comparison: GraphComparison
  private(set) var byTensor: [String: [TensorPurpose]] = [:]
  /// The tensor that holds each parameter.
  private(set) var sources: [Parameter: GraphSource] = [:]
  /// Parameters that the graph leaves out, which are zero then.
  private(set) var zeros: Set<Parameter> = []
  /// Parameters of which only some copies are quantised.
  private var partlyQuantized: Set<Parameter> = []
  /// Parameters whose copies hold what different roundings made of the same numbers.
  private var roundedApart: Set<Parameter> = []

  init(graph: OperatorGraph) {
    comparison = GraphComparison(graph: graph)
  }

  /// Notes that the graph adds no such parameter.
  mutating func addZero(_ parameter: Parameter) {
    zeros.insert(parameter)
  }

  /// Notes that a tensor is no parameter of the model.
  mutating func addBuffer(_ tensor: String, _ description: String) {
    byTensor[tensor] = [.buffer(description)]
  }

  /// Notes that a tensor is the one that holds a parameter.
  private mutating func take(_ source: GraphSource, as parameter: Parameter) {
    sources[parameter] = source
    byTensor[source.tensor, default: []].append(.parameter(parameter, source.layout))
  }

  /// Notes what a tensor is: a parameter, or one more copy of it.
  mutating func add(_ parameter: Parameter, _ source: GraphSource) {
    guard let first = sources[parameter] else {
      byTensor[source.tensor]?.removeAll { if case .buffer = $0 { true } else { false } }
      take(source, as: parameter)
      return
    }
    guard source != first else { return }
    if comparison.isRestored(source) != comparison.isRestored(first) {
      // Another layer's copy is there as it was stored.
      let isExact = comparison.isRestored(first)
      addBuffer((isExact ? first : source).tensor, "\(parameter) without what was added to it")
      if isExact { take(source, as: parameter) }
      return
    }
    if comparison.isQuantised(source) != comparison.isQuantised(first) {
      // A quantiser may leave some uses alone: what it did not touch holds the numbers themselves.
      let isExact = comparison.isQuantised(first)
      addBuffer((isExact ? first : source).tensor, "a quantised copy of \(parameter)")
      partlyQuantized.insert(parameter)
      if isExact { take(source, as: parameter) }
      return
    }
    let copy = TensorPurpose.copy(of: parameter, source.layout, yields: false)
    if byTensor[source.tensor]?.contains(copy) != true {
      byTensor[source.tensor, default: []].append(copy)
    }
  }

  /// Takes one of two copies of a parameter that were rounded apart, and says of the other what it is;
  /// false where the two are not such.
  mutating func leaveRoundedApart(
    _ parameter: Parameter, _ source: GraphSource, _ content: GraphReader.Content
  ) throws(FileError) -> Bool {
    guard let first = sources[parameter], source != first,
      comparison.isQuantised(source) == comparison.isQuantised(first),
      comparison.isRestored(source) == comparison.isRestored(first),
      try comparison.relation(of: source, to: first, content) == .near
    else { return false }
    let isBetter = comparison.isWider(source, than: first)
    let left = isBetter ? first : source
    byTensor[left.tensor]?.removeAll { $0 == .parameter(parameter, left.layout) }
    if byTensor[left.tensor]?.isEmpty ?? true {
      addBuffer(left.tensor, "a copy of \(parameter), rounded apart")
    }
    if isBetter { take(source, as: parameter) }
    roundedApart.insert(parameter)
    return true
  }

  /// What a user should know of the copies.
  var findings: [Finding] {
    var result = [restoredFinding, partlyQuantizedFinding, roundedApartFinding].compactMap(\.self)
    let biases = zeros.subtracting([Parameter(.tokenTypeEmbeddings)])
    if !biases.isEmpty {
      let names = biases.map(\.name).sorted()
      result.add(
        .note, code: "zero-biases",
        "the graph adds no bias for \(names.count) parameters, which are zero then "
          + "(\(names.firstFew))")
    }
    return result
  }

  /// A quantiser left some uses of shared parameters alone, so that the layers differ.
  private var partlyQuantizedFinding: Finding? {
    guard !partlyQuantized.isEmpty else { return nil }
    let names = partlyQuantized.map(\.name).sorted()
    return Finding(
      .warning, code: "partly-quantized",
      "only some layers' copies of \(names.count) shared parameters are quantised "
        + "(\(names.firstFew)): the copies that hold the numbers themselves were taken, while the graph computes with both",
      remedy: "expect other outputs from a runtime")
  }

  /// A converter added a product's bias to the biases behind it, which no other layer's copy shows as
  /// they were.
  private var restoredFinding: Finding? {
    let names = sources.filter { comparison.isRestored($0.value) }.map(\.key.name).sorted()
    guard !names.isEmpty else { return nil }
    return Finding(
      .warning, code: "biases-restored",
      "the converter added the projection's bias to \(names.joined(separator: ", ")): it was taken "
        + "out again, so that their last bits may differ")
  }

  /// Copies of shared parameters were rounded apart.
  private var roundedApartFinding: Finding? {
    guard !roundedApart.isEmpty else { return nil }
    let names = roundedApart.map(\.name).sorted()
    return Finding(
      .note, code: "copies-rounded-apart",
      "\(names.count) shared parameters are there in copies that were rounded apart, or to types of "
        + "more and of less digits (\(names.firstFew)): the copy with the most digits was taken")
  }

  /// What precedes the names of Hugging Face's classes in most tensors whose names end in them.
  var prefix: String {
    var votes: [String: Int] = [:]
    for (parameter, source) in sources {
      let backbone = "albert."
      guard parameter.name.hasPrefix(backbone) else { continue }
      let ending = parameter.name.dropFirst(backbone.count)
      guard source.tensor.hasSuffix(ending) else { continue }
      var prefix = source.tensor.dropLast(ending.count)
      guard prefix.isEmpty || prefix.last == "." || prefix.last == "/" else { continue }
      if prefix.hasSuffix(backbone) { prefix = prefix.dropLast(backbone.count) }
      votes[String(prefix), default: 0] += 1
    }
    return votes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
  }
}
