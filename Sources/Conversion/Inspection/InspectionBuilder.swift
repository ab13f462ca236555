internal import Albert
internal import Bytes
internal import SystemPackage
internal import Tensors
internal import Upstreams

/// Assigns a purpose to each tensor and holds the result against the specification.
struct InspectionBuilder {
  let archive: any TensorArchive
  let candidate: UpstreamRegistry.Candidate
  let partial: PartialConfig
  var findings: [Finding] = []
  private var assignments: [TensorAssignment] = []
  private var stored: [Parameter: (tensor: TensorDescription, layout: Layout)] = [:]

  init(
    archive: any TensorArchive, candidate: UpstreamRegistry.Candidate, partial: PartialConfig
  ) {
    self.archive = archive
    self.candidate = candidate
    self.partial = partial
  }

  /// Everything but the opening itself.
  mutating func finish(_ path: FilePath, _ configFile: SourceFile?, configSource: ConfigSource)
    -> Inspection
  {
    findings += partial.findings
    assign()
    let contents = contents()
    let config = completeConfig(contents)
    if let config {
      checkPresence(config, contents)
      checkShapes(config)
    }
    findings.sort { $0.severity < $1.severity }
    return Inspection(
      path: path, archive: archive, format: archive.format, candidate: candidate,
      partialConfig: partial, config: config, configSource: configSource, configFile: configFile,
      contents: contents, assignments: assignments, findings: findings)
  }

  /// Gives each tensor its purpose, by exact names only.
  private mutating func assign() {
    // A config may promise more blocks than there are, or fewer; names of either are known.
    let bound = 1...AlbertConfig.mostLayers
    let groups = max(candidate.groups, partial.numHiddenGroups ?? 1)
    let inner = max(candidate.innerLayers, partial.innerGroupNum ?? 1)
    let meanings = candidate.meanings(
      groups: min(groups, bound.upperBound), innerLayers: min(inner, bound.upperBound / groups))
    for tensor in archive.tensors {
      var purpose: TensorAssignment.Purpose = .unexpected
      if let known = TensorAssignment.Purpose(meanings[tensor.name]) {
        purpose = known
      } else if candidate.table.isTrainingState(tensor.name, place: candidate.place) {
        purpose = .training
      } else if !candidate.place.prefix.isEmpty, !tensor.name.hasPrefix(candidate.place.prefix) {
        purpose = .surrounding
      }
      assignments.append(TensorAssignment(tensor: tensor, purpose: purpose))
    }
    for assignment in assignments {
      if case .parameter(let parameter, let layout) = assignment.purpose {
        stored[parameter] = (assignment.tensor, layout)
      }
    }
    // A copy of a parameter that is not there itself takes its place.
    for (index, assignment) in assignments.enumerated() {
      if case .copy(let parameter, let layout, _) = assignment.purpose,
        parameter.role != .mlmDecoderWeight, stored[parameter] == nil
      {
        stored[parameter] = (assignment.tensor, layout)
        assignments[index] = TensorAssignment(
          tensor: assignment.tensor, purpose: .parameter(parameter, layout))
      }
    }
  }

  /// The optional parts, each there as soon as one of its tensors is.
  private func contents() -> ModelContents {
    let roles = Set(stored.keys.map(\.role))
    var contents = ModelContents(
      pooler: roles.contains { $0.component == .pooler },
      mlm: roles.contains { $0.component == .mlmHead },
      sop: roles.contains { $0.component == .sopHead },
      untiedDecoder: roles.contains(.mlmDecoderWeight))
    if roles.contains(.qaOutputsWeight) || roles.contains(.qaOutputsBias) {
      contents.taskHead = .questionAnswering
    } else if roles.contains(.classifierWeight) || roles.contains(.classifierBias) {
      contents.taskHead =
        partial.taskHead ?? candidate.upstream.classifierHead
        ?? (contents.pooler ? .sequenceClassification : .tokenClassification)
    }
    return contents
  }

  private mutating func completeConfig(_ contents: ModelContents) -> AlbertConfig? {
    let missing = partial.missingKeys
    guard missing.isEmpty, var config = partial.completed(rule: candidate.upstream.layerMap) else {
      findings.append(
        Finding(
          .error, code: "config-missing",
          "the config does not say \(missing.joined(separator: ", "))",
          remedy: "name a config file with --config"))
      return nil
    }
    config.taskHead = contents.taskHead
    if let (tensor, layout) = stored[Parameter(.classifierWeight)]
      ?? stored[Parameter(.qaOutputsWeight)],
      let rows = layout.transposes ? tensor.shape.dimensions.last : tensor.shape.dimensions.first
    {
      config.numLabels = rows
    }
    if let labels = config.carried.id2label,
      contents.taskHead == nil || labels.count != config.numLabels
    {
      config.carried.id2label = nil
    }
    config.embeddingProjectionIsIdentity =
      candidate.upstream.omitsSquareProjection && config.embeddingSize == config.hiddenSize
      && stored[Parameter(.projectionWeight)] == nil && stored[Parameter(.projectionBias)] == nil
    let contradictions = config.contradictions
    for contradiction in contradictions {
      findings.append(
        Finding(
          .error, code: "config-contradiction", contradiction, remedy: "correct the config"))
    }
    return contradictions.isEmpty ? config : nil
  }

  /// Reports parameters that are not there and tensors that nobody knows.
  private mutating func checkPresence(_ config: AlbertConfig, _ contents: ModelContents) {
    let specs = ParameterSpec.all(config, contents)
    let wanted = Set(specs.map(\.parameter))
    for spec in specs where stored[spec.parameter] == nil {
      if config.embeddingProjectionIsIdentity && spec.parameter.role.component == .projection {
        continue
      }
      findings.append(
        Finding(
          .error, code: "missing-tensor",
          "expected a tensor for \(spec.name) \(spec.shape), found none",
          remedy: "check that the file is complete and the config belongs to it"))
    }
    for (index, assignment) in assignments.enumerated() {
      if case .parameter(let parameter, _) = assignment.purpose, !wanted.contains(parameter) {
        assignments[index] = TensorAssignment(tensor: assignment.tensor, purpose: .unexpected)
        reportUnexpected(assignment.tensor, why: "the config has no such block")
      } else if assignment.purpose == .unexpected {
        reportUnexpected(assignment.tensor, why: "no ALBERT has a tensor of this name")
      }
    }
  }

  private mutating func reportUnexpected(_ tensor: TensorDescription, why: String) {
    let kind = ForeignNames.kind(of: tensor.name)
    findings.append(
      Finding(
        .error, code: kind?.code ?? "unexpected-tensor",
        "found an unexpected tensor '\(tensor.name)' \(tensor.shape): \(kind?.reason ?? why)",
        remedy: kind == nil
          ? "check that this is an ALBERT checkpoint and the config belongs to it"
          : "use the code that trained it", tensor: tensor.name))
  }

  /// Reports tensors whose shape or type is not what the config demands.
  private mutating func checkShapes(_ config: AlbertConfig) {
    for assignment in assignments {
      let parameter: Parameter
      let layout: Layout
      switch assignment.purpose {
      case .parameter(let known, let how): (parameter, layout) = (known, how)
      case .copy(let known, let how, _): (parameter, layout) = (known, how)
      default: continue
      }
      let canonical = parameter.role.shape(in: config)
      let expected = layout.storedShape(of: canonical, heads: config.numAttentionHeads)
      let tensor = assignment.tensor
      if tensor.shape != expected {
        findings.append(
          Finding(
            .error, code: "shape-mismatch",
            "'\(tensor.name)': expected \(expected.map(\.description) ?? "no such layout"), found \(tensor.shape)",
            remedy: "name the config that belongs to the weights with --config",
            tensor: tensor.name))
      } else if !tensor.type.isFloatingPoint {
        findings.append(
          Finding(
            .error, code: "element-type",
            "'\(tensor.name)': expected floating-point numbers, found \(tensor.type.name)",
            remedy: "save the model again with float32 weights", tensor: tensor.name))
      }
    }
  }
}

extension TensorAssignment.Purpose {
  /// The purpose of what a table knows; nil for what it does not.
  init?(_ meaning: NameTable.Meaning?) {
    switch meaning {
    case .parameter(let parameter, let layout): self = .parameter(parameter, layout)
    case .copy(let parameter, let layout, let yields):
      self = .copy(of: parameter, layout, yields: yields)
    case .buffer(let what): self = .buffer(what)
    case .training: self = .training
    case nil: return nil
    }
  }
}
