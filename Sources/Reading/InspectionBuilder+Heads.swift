internal import AlbertBytes
internal import AlbertArchitecture
internal import AlbertTensors
internal import AlbertUpstreams

extension InspectionBuilder {
  /// The optional parts, each there as soon as one of its tensors is.
  func findContents() -> ModelContents {
    let roles = Set(stored.keys.map(\.role))
    var contents = ModelContents(
      pooler: roles.contains { $0.component == .pooler },
      mlm: roles.contains { $0.component == .mlmHead },
      sop: roles.contains { $0.component == .sopHead },
      untiedDecoder: roles.contains(.mlmDecoderWeight))
    let fitting = TaskHead.fitting(roles)
    contents.taskHead = statedHead(among: fitting) ?? fitting.first
    if fitting.count > 1, statedHead(among: fitting) == nil {
      contents.taskHead = guessedHead(contents, among: fitting)
    }
    checkHead(options.head, among: fitting)
    return contents
  }

  /// The kind that the user, the config, or the publisher's code states.
  private func statedHead(among fitting: [TaskHead]) -> TaskHead? {
    let fits = { (head: TaskHead?) in head.flatMap { fitting.contains($0) ? $0 : nil } }
    if let head = fits(options.head) ?? fits(partial.taskHead) { return head }
    if let name = headWeight?.tensor.name, let head = fits(candidate.upstream.head(statedBy: name))
    {
      return head
    }
    // One output is a regression or the score of a choice.
    if candidate.upstream.scoresChoices, headWeight?.outputs == 1 { return nil }
    return fits(candidate.upstream.classifierHead)
  }

  /// The kind that is most likely where nothing states it, with a warning.
  private func guessedHead(_ contents: ModelContents, among fitting: [TaskHead])
    -> TaskHead
  {
    let guess =
      candidate.upstream.classifierHead
      ?? (contents.pooler ? TaskHead.sequenceClassification : .tokenClassification)
    let reason =
      candidate.upstream.classifierHead != nil
      ? "the usual one of \(candidate.upstream.title)"
      : contents.pooler ? "since there is a pooler" : "since there is no pooler"
    let possible = fitting.filter { head in
      head.onlyLabelCount == nil || head.onlyLabelCount == headWeight?.outputs
    }.filter { $0 != guess }
    let tensor = headWeight?.tensor
    let which = tensor.map { "'\($0.name)' \($0.shape)" } ?? "the classifier"
    findings.add(
      .warning, code: Inspection.guessedHeadCode,
      "nothing says what kind of head \(which) is\(statedElsewhere); it was taken for "
        + "\(guess.rawValue), \(reason), and may be "
        + possible.map(\.rawValue).joined(separator: " or "),
      remedy: "state it: "
        + ([guess] + possible).map { kind -> Remedy in "\(.head(kind.rawValue))" }.joined(
          separator: ", or "),
      tensor: tensor?.name)
    return guess
  }

  /// Reports a head that has other outputs than its kind: no config says how many a tensor holds.
  func refuse(_ head: TaskHead, of tensor: TensorDescription, outputs: Int) {
    let shown = "'\(tensor.name)' \(tensor.shape)"
    if options.head == head {
      return findings.append(.headMismatch(head, "\(shown) has \(outputs) outputs"))
    }
    let others = TaskHead.fitting(Set(stored.keys.map(\.role))).filter { $0.onlyLabelCount == nil }
    findings.add(
      .error, code: "shape-mismatch",
      "\(shown) has \(outputs) outputs, which no head for \(head.rawValue) has",
      remedy: others.isEmpty
        ? candidate.upstream.backbonePrefix == nil
          ? "save the model again without that head"
          : "take the model without heads with \(.prefix(candidate.ownPlace))"
        : "state the kind that it is: "
          + others.map { kind -> Remedy in "\(.head(kind.rawValue))" }.joined(separator: ", or "),
      tensor: tensor.name)
  }

  /// Reports a kind that the user states and that cannot be.
  private func checkHead(_ head: TaskHead?, among fitting: [TaskHead]) {
    guard let head else { return }
    if fitting.contains(head) {
      // Operators show what a graph computes.
      guard candidate.isStated, let computed = candidate.stated.taskHead, computed != head else {
        return
      }
      return findings.append(.headMismatch(head, "the graph computes \(computed.rawValue)"))
    }
    guard let only = fitting.first else {
      return findings.append(.headMismatch(head, "the file holds no task head"))
    }
    let which = headWeight.map { "'\($0.tensor.name)'" } ?? "its head"
    findings.append(
      .headMismatch(
        head,
        "\(which) is "
          + (fitting.count == 1 ? only.rawValue : "no head for \(head.rawValue)")))
  }

  /// Warns of a classifier that a user may have put around the publisher's model under the name that its own
  /// has, over whichever of the model's outputs.
  func warnOfUsersClassifier(_ contents: ModelContents) {
    let signs = candidate.upstream.classifierSigns
    guard !signs.isEmpty, options.head == nil, let kind = contents.taskHead,
      let weight = headWeight?.tensor,
      !weight.name.split(separator: "/").contains(where: {
        $0 == candidate.upstream.classifierAttribute ?? ""
      }),
      !archive.attributes.contains(where: { holder, values in
        signs.contains { sign in
          holder.holds(sign) || values.values.contains { $0.contains { $0.hasPrefix(sign) } }
        }
      })
    else { return }
    let others = TaskHead.fitting(Set(stored.keys.map(\.role))).filter {
      $0 != kind && $0.onlyLabelCount == nil
    }
    // A place within names that are not the file's own cannot be stated.
    let place = archive.aliases.isEmpty ? placeOfBackbone : nil
    let lacksPooler =
      stored[Parameter(.poolerWeight)] == nil ? ", though the file has no pooler" : ""
    let apart = place.map { Remedy("; ") + "\(.prefix($0)) leaves it out" } ?? ""
    findings.add(
      .warning, code: Inspection.guessedHeadCode,
      "'\(weight.name)' \(weight.shape) was taken for the classifier of \(candidate.upstream.title), over "
        + "the pooler's outputs\(lacksPooler); no name that is read here shows their task (\(signs.joined(separator: ", "))), so "
        + "that it may be a layer of a user's own, over other outputs",
      remedy: "state \(.head(kind.rawValue)) if it is over the pooler's"
        + others.map { kind -> Remedy in ", \(.head(kind.rawValue)) for that kind" }.joined(
          separator: "")
        + apart, tensor: weight.name)
  }

  /// What all names of the model without heads begin with, as users name a place; nil for nothing.
  private var placeOfBackbone: String? {
    let names = stored.filter { $0.key.role.component != .taskHead }.map {
      $0.value.tensor.name.split(separator: "/")
    }
    guard var common = names.first else { return nil }
    for name in names { common = Array(zip(common, name).prefix { $0 == $1 }.map(\.0)) }
    if common.last == "layers" { common.removeLast() }
    return common.isEmpty ? nil : common.joined(separator: "/")
  }

  /// What the config says of another class, to tell why it does not help.
  private var statedElsewhere: String {
    partial.architectures.isEmpty
      ? "" : " (the config's architectures say \(partial.architectures.joined(separator: ", ")))"
  }

  /// The weight of the task head, and how many outputs it has.
  private var headWeight: (tensor: TensorDescription, outputs: Int?)? {
    let found = stored[Parameter(.classifierWeight)] ?? stored[Parameter(.qaOutputsWeight)]
    return found.map { tensor, layout in
      let d = tensor.shape.dimensions
      return (tensor, layout.transposes ? d.last : d.first)
    }
  }
}

extension TaskHead {
  /// The kinds whose parameters these are.
  fileprivate static func fitting(_ roles: Set<ParameterRole>) -> [TaskHead] {
    if roles.contains(.qaOutputsWeight) || roles.contains(.qaOutputsBias) {
      return [.questionAnswering]
    }
    guard roles.contains(.classifierWeight) || roles.contains(.classifierBias) else { return [] }
    return allCases.filter { $0 != .questionAnswering }
  }
}

extension Finding {
  /// The error for a stated kind of head that the model does not have.
  static func headMismatch(_ head: TaskHead, _ reason: String) -> Finding {
    Finding(
      .error, code: "head-mismatch", "the head is stated to be \(head.rawValue), but \(reason)",
      remedy: "leave out \(.head()), or state the kind that it is")
  }
}
