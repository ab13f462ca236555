internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors
internal import AlbertUpstreams

/// A head that users put beside the model: one linear layer over its outputs, under a name of their own.
struct OuterHead {
  let weight: TensorDescription
  let bias: TensorDescription
  let layout: Layout
  /// How many numbers it gives.
  let outputs: Int
  /// What its two tensors' names have in common.
  let name: String

  /// How libraries end the names of a layer's matrix and of its bias.
  private static let endings = [
    ("weight", "bias"), ("kernel:0", "bias:0"),
    ("kernel/.ATTRIBUTES/VARIABLE_VALUE", "bias/.ATTRIBUTES/VARIABLE_VALUE"),
    ("vars/0", "vars/1"), ("kernel", "bias"),
  ]

  /// The layer that is all there is around the model; nil where there is more, or anything else.
  ///
  /// Of several layers the last would compute something else without the others.
  init?(in surroundings: [TensorDescription], hiddenSize: Int?) {
    let weights = surroundings.filter(\.mayBeWeight)
    guard weights.count == 2, let weight = weights.first(where: { $0.shape.rank == 2 }),
      let bias = weights.first(where: { $0.shape.rank == 1 }), let hiddenSize,
      let stem = Self.stem(weight.name, bias.name)
    else { return nil }
    outputs = bias.shape.count
    switch weight.shape.dimensions {
    case [outputs, hiddenSize] where outputs != hiddenSize: layout = .canonical
    case [hiddenSize, outputs] where outputs != hiddenSize: layout = .transposed
    default: return nil
    }
    self.weight = weight
    self.bias = bias
    name = stem
  }

  private static func stem(_ weight: String, _ bias: String) -> String? {
    for (first, second) in endings where weight.hasSuffix(first) && bias.hasSuffix(second) {
      let stem = weight.dropLast(first.count)
      if stem == bias.dropLast(second.count) { return String(stem.dropLast()) }
    }
    return nil
  }

  /// Whether it may be a head of this kind.
  func fits(_ head: TaskHead) -> Bool {
    head.onlyLabelCount == nil || head.onlyLabelCount == outputs
  }
}

extension InspectionBuilder {
  /// The head beside the model, where the model has none of its own.
  private var outerHead: OuterHead? {
    let heads: Set<ParameterRole> = [
      .classifierWeight, .classifierBias, .qaOutputsWeight, .qaOutputsBias,
    ]
    guard !candidate.isStated, !stored.keys.contains(where: { heads.contains($0.role) }) else {
      return nil
    }
    return OuterHead(
      in: assignments.filter { $0.purpose == .surrounding }.map(\.tensor),
      hiddenSize: shapes.config.hiddenSize)
  }

  /// Takes a layer beside the model for its head where a user says that it is one.
  ///
  /// It stays the user's own otherwise: nothing tells what a layer of two outputs decides.
  func takeOuterHead() {
    guard let outer = outerHead, let head = options.head, outer.fits(head) else { return }
    take(outer, as: head.roles)
  }

  private func take(
    _ outer: OuterHead, as roles: (weight: ParameterRole, bias: ParameterRole)
  ) {
    for (index, assignment) in assignments.enumerated() {
      let role: ParameterRole
      let layout: Layout
      switch assignment.tensor.name {
      case outer.weight.name: (role, layout) = (roles.weight, outer.layout)
      case outer.bias.name: (role, layout) = (roles.bias, .canonical)
      default: continue
      }
      assignments[index] = TensorAssignment(
        tensor: assignment.tensor, purpose: .parameter(Parameter(role), layout))
      stored[Parameter(role)] = (assignment.tensor, layout)
    }
  }

  /// How to take the layer beside the model along; empty where there is none.
  var outerHeadAdvice: Remedy {
    guard options.prefix == nil, options.head == nil, let outer = outerHead else { return "" }
    let kinds = TaskHead.allCases.filter(outer.fits).map { kind -> Remedy in
      "\(.head(kind.rawValue))"
    }
    return "if '\(outer.name)' is its head over \(outer.outputs) classes, take it along with "
      + kinds.joined(separator: " or ")
  }
}

extension TaskHead {
  /// The parameters of such a head.
  fileprivate var roles: (weight: ParameterRole, bias: ParameterRole) {
    self == .questionAnswering
      ? (.qaOutputsWeight, .qaOutputsBias) : (.classifierWeight, .classifierBias)
  }
}
