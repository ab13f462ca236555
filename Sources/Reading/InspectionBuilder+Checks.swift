internal import AlbertBytes
internal import AlbertArchitecture
internal import AlbertTensors
internal import AlbertUpstreams

extension InspectionBuilder {
  /// Reports parameters that are not there and tensors that no name table explains.
  func checkPresence(_ config: AlbertConfig, _ contents: ModelContents) {
    let specs = ParameterSpec.all(config, contents)
    let wanted = Set(specs.map(\.parameter))
    let missing = specs.filter { spec in
      stored[spec.parameter] == nil && !candidate.zeros.contains(spec.parameter)
        && !(config.embeddingProjectionIsIdentity && spec.parameter.role.component == .projection)
    }
    // Without what lies outside of its place there is an ALBERT only where all of its layers are there.
    let remedy = candidate.remedyForStrangers(
      leavesAModel: missing.allSatisfy {
        ![.embeddings, .projection, .encoder].contains($0.parameter.role.component)
      })
    var strangers: [TensorDescription] = []
    for (index, assignment) in assignments.enumerated() {
      if case .parameter(let parameter, _) = assignment.purpose, !wanted.contains(parameter) {
        assignments[index] = TensorAssignment(tensor: assignment.tensor, purpose: .unexpected)
        reportUnexpected(assignment.tensor, "the config has no such block", remedy)
      } else if assignment.purpose == .unexpected {
        strangers.append(assignment.tensor)
      }
    }
    // What betrays another kind of model explains what is missing too.
    guard !reportStrangers(strangers, remedy) else { return }
    for spec in specs where stored[spec.parameter] == nil {
      if config.embeddingProjectionIsIdentity && spec.parameter.role.component == .projection {
        continue
      }
      if candidate.zeros.contains(spec.parameter) {
        if !candidate.isStated {
          findings.add(
            .note, code: "computed-as-zero",
            "the file has no \(spec.name) \(spec.shape): \(candidate.upstream.title) adds none "
              + "to this model, which zeros express")
        }
        continue
      }
      findings.add(
        .error, code: "missing-tensor",
        "expected a tensor for \(spec.name) \(spec.shape), found none",
        remedy: "check that the file is complete and the config belongs to it")
    }
  }

  /// Reports tensors of no ALBERT's: once for all where one betrays what they are, which it returns, else
  /// each.
  private func reportStrangers(_ strangers: [TensorDescription], _ remedy: Remedy) -> Bool {
    for tensor in strangers {
      guard let kind = ForeignNames.kind(of: tensor.name) else { continue }
      let more = strangers.count - 1
      findings.add(
        .error, code: kind.code,
        "found an unexpected tensor '\(tensor.name.short)' \(tensor.shape)"
          + (more > 0 ? " and \(more) more" : "") + ": \(kind.reason)",
        remedy: kind.remedy, tensor: tensor.name)
      return true
    }
    var leftOut: Set<String> = []
    for tensor in strangers {
      if !tensor.mayBeWeight {
        findings.add(
          .warning, code: "unknown-buffer",
          "'\(tensor.name.short)', \(tensor.type.name) \(tensor.shape), is unknown; it is no weight, so "
            + "it is left out", tensor: tensor.name)
      } else if options.prefix != nil {
        // Whoever names the model's place in the file says that the rest is something else's.
        leftOut.insert(tensor.name)
        findings.add(
          .warning, code: "left-out",
          "'\(tensor.name.short)' \(tensor.shape) is none of an ALBERT's and is left out, as the stated prefix "
            + "says; whatever uses it computes something else", tensor: tensor.name)
      } else {
        reportUnexpected(tensor, "no ALBERT has a tensor of this name", remedy)
      }
    }
    guard !leftOut.isEmpty else { return false }
    for (index, assignment) in assignments.enumerated()
    where leftOut.contains(assignment.tensor.name) {
      assignments[index] = TensorAssignment(tensor: assignment.tensor, purpose: .surrounding)
    }
    return false
  }

  private func reportUnexpected(_ tensor: TensorDescription, _ why: String, _ remedy: Remedy) {
    findings.add(
      .error, code: "unexpected-tensor",
      "found an unexpected tensor '\(tensor.name.short)' \(tensor.shape): \(why)",
      remedy: remedy, tensor: tensor.name)
  }

  /// Reports tensors whose shape or type is not what the config demands.
  func checkShapes(_ config: AlbertConfig) {
    var unreadable: [TensorDescription] = []
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
      if tensor.type == .opaque {
        unreadable.append(tensor)
      } else if parameter.role == .sopWeight, tensor.shape != expected, tensor.shape.rank == 2 {
        findings.add(
          .error, code: "shape-mismatch",
          "'\(tensor.name.short)' \(tensor.shape): Hugging Face's classes make the head for sentence order "
            + "with num_labels outputs, and one of other than 2 tells no order",
          remedy: candidate.upstream.backbonePrefix == nil
            ? "save the model again without that head"
            : "take the model without heads with \(.prefix(candidate.ownPlace))",
          tensor: tensor.name)
      } else if parameter.role == .sopBias, tensor.shape != expected,
        stored[Parameter(.sopWeight)].map({ $0.tensor.shape.dimensions.first != 2 }) == true
      {
        // Told with its weight.
        continue
      } else if !layout.fits(tensor.shape, canonical: canonical, heads: config.numAttentionHeads) {
        let expected = expected.map(\.description) ?? "no such layout"
        findings.add(
          .error, code: "shape-mismatch",
          "'\(tensor.name.short)': expected \(expected), found \(tensor.shape)",
          remedy: "name the config that belongs to the weights with \(.config)",
          tensor: tensor.name)
      } else if !tensor.type.isFloatingPoint {
        findings.add(
          .error, code: "element-type",
          "'\(tensor.name.short)': expected floating-point numbers, found \(tensor.type.name)",
          remedy: "save the model again with float32 weights", tensor: tensor.name)
      }
    }
    reportUnreadable(unreadable)
  }

  /// Reports parameters whose numbers cannot be had, once for all of a kind.
  private func reportUnreadable(_ tensors: [TensorDescription]) {
    guard let first = tensors.first else { return }
    let known = findings.indices.first { index in
      findings[index].code == "unreadable-tensor"
        && tensors.contains { $0.name == findings[index].tensor }
    }
    let told = known.map { findings.remove(at: $0) }
    findings.add(
      .error, code: "element-type",
      told?.message
        ?? "cannot be read as numbers, being of a type that is not known here: "
        + tensors.map(\.name).firstFew,
      remedy: told.flatMap { $0.advice.isEmpty ? nil : $0.advice }
        ?? "load the model with the library that wrote it, make plain float32 tensors of these and "
        + "save it again", tensor: first.name)
  }

  /// Tells what of a larger model is left out.
  func reportSurroundings() {
    let leftOut = Set(findings.filter { $0.code == "left-out" }.compactMap(\.tensor))
    let others = assignments.filter { $0.purpose == .surrounding }.map(\.tensor)
      .filter { !leftOut.contains($0.name) }
    reportValues(others.filter { !$0.mayBeWeight }.map(\.name))
    let around = others.filter(\.mayBeWeight).map(\.name)
    guard !around.isEmpty else { return }
    for name in around where options.prefix == nil {
      guard let kind = ForeignNames.head(of: name) else { continue }
      findings.add(
        .warning, code: kind.code,
        "'\(name)' and what belongs to it are left out: \(kind.reason)", tensor: name)
      break
    }
    let place = candidate.place
    let home = place.prefix.isEmpty && !place.scope.isEmpty ? place.scope + "/" : place.prefix
    let whole = candidate.isStated ? "graph" : "file"
    let part = home.isEmpty ? "a part of the \(whole)" : "the part under '\(home)'"
    let message =
      "ALBERT is \(part); \(around.count) tensors of the model around it are left out "
      + "(\(around.firstFew))"
    if options.prefix == nil, let own = around.first(where: ParameterRole.isNameOfHead) {
      findings.add(
        .warning, code: "surrounding", message + "; '\(own)' has the name of ALBERT's own head",
        remedy: "to take it along, save the model with 'albert.' in the place of '\(home)', as "
          + "Hugging Face's classes with heads name it", tensor: own)
    } else {
      findings.add(.note, code: "surrounding", message, remedy: outerHeadAdvice)
    }
  }

  /// Tells of counters, random states and the like beside the model.
  private func reportValues(_ names: [String]) {
    guard !names.isEmpty else { return }
    findings.add(
      .note, code: "values-beside",
      "what is no weight is left out: \(names.firstFew)")
  }
}

extension TensorDescription {
  /// Whether it may be a weight of a model: a vector or matrix of numbers with a fraction.
  ///
  /// Counters, flags, scalars and texts do not count.
  var mayBeWeight: Bool { type.isFloatingPoint && shape.rank > 0 && shape.count > 0 }
}

extension Candidate {
  /// What to do about tensors that do not belong to the model.
  func remedyForStrangers(leavesAModel: Bool) -> Remedy {
    let check: Remedy = "check that this is an ALBERT checkpoint and the config belongs to it"
    return leavesAModel
      ? check + "; \(.prefix(ownPlace)) takes what is an ALBERT's there and leaves the rest" : check
  }

  /// The place of the model without heads where there is one, else the model's, as a shell takes it.
  var ownPlace: String {
    var name = place.prefix
    if let backbone = upstream.backbonePrefix, let anchor,
      ["/", ".", "|"].contains(where: { anchor.hasPrefix(name + backbone + $0) })
    {
      name += backbone
    } else if !name.isEmpty {
      name.removeLast()
    }
    let isPlain = name.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "._-/".contains($0))
    }
    return isPlain && !name.isEmpty ? name : "'\(name.filter { $0 != "'" })'"
  }
}

extension ParameterRole {
  /// Whether a name is that of a part on top which pretraining leaves.
  fileprivate static func isNameOfHead(_ name: String) -> Bool {
    allCases.contains { [.mlmHead, .sopHead].contains($0.component) && $0.nameTemplate == name }
  }
}
