internal import AlbertBytes
internal import AlbertArchitecture
internal import AlbertUpstreams

extension InspectionBuilder {
  /// Gives every layer a group of its own where the names show that none shares all its weights.
  func takeLayersAsGroups() {
    guard candidate.blocksAreLayers else { return }
    let layers = candidate.groups
    partial.numHiddenLayers = partial.numHiddenLayers ?? layers
    partial.numHiddenGroups = layers
    partial.innerGroupNum = 1
    partial.layerMap = LayerMap(groups: Array(0..<layers))
    if let stated = partial.numHiddenLayers, stated != layers {
      findings.add(
        .error, code: "config-mismatch",
        "num_hidden_layers: expected \(stated) by the config, found \(layers) layers of their own",
        remedy: "name the config that belongs to the weights with \(.config)")
    }
  }

  /// Tells what it costs that layers which share matrices need groups of their own.
  func reportRepetition() {
    guard candidate.sharesAmongGroups else { return }
    var uses: [String: (count: Int, uses: Int)] = [:]
    for assignment in assignments {
      guard case .parameter = assignment.purpose else { continue }
      uses[assignment.tensor.name, default: (assignment.tensor.shape.count, 0)].uses += 1
    }
    let repeated = uses.values.filter { $0.uses > 1 }
    let numbers = repeated.reduce(0) { $0 + $1.count * ($1.uses - 1) }
    findings.add(
      .note, code: "unshared-layer-norm",
      "each layer has LayerNorms of its own and shares its matrices: \(candidate.groups) groups "
        + "express that exactly; \(repeated.count) shared tensors are repeated in them, which adds "
        + "\(numbers) numbers (\(numbers * 4) bytes in float32); an ONNX model holds them once")
  }

  /// Numbers the groups anew where the publisher's rule leaves some without a layer.
  ///
  /// Google's code computes a layer's group in floating point: of 22 groups for 22 layers it never
  /// uses number 15, so its checkpoints have no such variables.
  func renumberGroups() {
    let sane = 1...AlbertConfig.maxLayers
    guard let layers = partial.numHiddenLayers, let groups = found?.config.numHiddenGroups,
      sane.contains(layers), sane.contains(groups), groups > candidate.groups,
      partial.layerMap == nil
    else { return }
    let map = candidate.upstream.layerMap(layers: layers, groups: groups)
    let used = Set(map.groups).sorted()
    guard used.count < groups, used.allSatisfy((0..<groups).contains),
      groupsPresent(of: groups) == used
    else { return }
    for (new, old) in used.enumerated() { groupNumbers[old] = new }
    partial.numHiddenGroups = used.count
    partial.layerMap = LayerMap(groups: map.groups.compactMap { groupNumbers[$0] })
    findings.add(
      .note, code: "groups-renumbered",
      "in \(candidate.upstream.title), \(used.count) of the config's \(groups) groups have one of "
        + "the \(layers) layers; they are numbered from 0 on")
  }

  /// The groups that have a query weight.
  private func groupsPresent(of groups: Int) -> [Int] {
    let lookup = candidate.lookup(groups: groups, innerLayers: 1)
    var present: Set<Int> = []
    for name in names {
      if case .parameter(let parameter, _) = lookup.known[name], parameter.role == .queryWeight {
        present.insert(parameter.group)
      }
    }
    return present.sorted()
  }

  /// The same purpose with its group's new number.
  func renumbered(_ purpose: TensorAssignment.Purpose) -> TensorAssignment.Purpose {
    guard !groupNumbers.isEmpty else { return purpose }
    func renumber(_ parameter: Parameter) -> Parameter? {
      guard parameter.role.isPerBlock else { return parameter }
      return groupNumbers[parameter.group].map {
        Parameter(parameter.role, group: $0, inner: parameter.inner)
      }
    }
    switch purpose {
    case .parameter(let old, let layout):
      return renumber(old).map { .parameter($0, layout) } ?? .unexpected
    case .copy(let old, let layout, let yields):
      return renumber(old).map { .copy(of: $0, layout, yields: yields) } ?? .unexpected
    default: return purpose
    }
  }
}
