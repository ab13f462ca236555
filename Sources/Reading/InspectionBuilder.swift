internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertGraphRecognition
internal import SystemPackage
internal import AlbertTensors
internal import AlbertUpstreams

/// Assigns a purpose to each tensor and holds the result against the specification.
final class InspectionBuilder {
  let archive: any TensorArchive
  let candidate: Candidate
  /// The name by which each tensor is known.
  let names: [String]
  let found: ConfigSearch.Found?
  let options: InspectionOptions
  let shapes: ShapeInference
  var findings: [Finding] = []
  var assignments: [TensorAssignment] = []
  var stored: [Parameter: (tensor: TensorDescription, layout: Layout)] = [:]
  /// What the config, the graph, the shapes and the publisher say together.
  var partial: PartialConfig
  /// The decoder's matrix that the file holds beside the word embeddings.
  var decoder: StoredDecoder?
  /// The narrow rows of a word table that the file holds as two factors.
  let narrowWords: TensorDescription?
  /// The new number of each group, where the model leaves some of its config's out.
  var groupNumbers: [Int: Int] = [:]

  init(
    archive: any TensorArchive, recognition: Inspection.Recognition, config: ConfigSearch.Found?,
    options: InspectionOptions
  ) {
    self.options = options
    self.archive = archive
    candidate = recognition.candidate
    let names = recognition.names
    self.names = names
    shapes = ShapeInference(of: candidate, archive.tensors, names: names)
    narrowWords = candidate.narrowWords.flatMap { name in
      zip(names, archive.tensors).first { $0.0 == name }?.1
    }
    found = config?.fitted(to: shapes.config, narrowWords: narrowWords)
    partial = (found?.config ?? PartialConfig()).reconciled(withGraph: candidate.stated)
      .filled(from: shapes.config)
  }

  /// Everything but the opening itself.
  func finish(_ path: FilePath) throws(FileError) -> Inspection {
    findings += partial.findings
    applyPublisher()
    takeLayersAsGroups()
    renumberGroups()
    assign()
    leaveOutSquareProjection()
    reportRepetition()
    try decideDecoder()
    takeOuterHead()
    let contents = findContents()
    warnOfPooledOffset(contents)
    warnOfUsersClassifier(contents)
    // Where the config belongs to another model, each tensor would contradict it again.
    let config = checkAgreement() ? completeConfig(contents) : nil
    if let config {
      checkPresence(config, contents)
      checkShapes(config)
    }
    reportSurroundings()
    let noted = FindingList.arranged(findings)
    return Inspection(
      path: path, archive: archive, format: archive.format, candidate: candidate,
      partialConfig: partial, config: config, configSource: configSource,
      configFile: found?.file, contents: contents, assignments: assignments, decoder: decoder,
      findings: noted)
  }

  private var configSource: ConfigSource {
    if let found { return found.source }
    return candidate.stated == PartialConfig() ? .inferred : .graph
  }

  /// Gives each tensor its purpose, by exact names only.
  private func assign() {
    let lookup = lookup()
    assignments.reserveCapacity(names.count)
    for (tensor, name) in zip(archive.tensors, names) {
      var purpose: TensorAssignment.Purpose = .unexpected
      if let known = lookup.purpose(of: name) {
        purpose = renumbered(known)
      } else if !candidate.owns(name) {
        purpose = .surrounding
      }
      assignments.append(TensorAssignment(tensor: tensor, purpose: purpose))
      if case .parameter(let parameter, let layout) = purpose {
        stored[parameter] = (tensor, layout)
      }
      for purpose in lookup.further[name] ?? [] {
        assignments.append(TensorAssignment(tensor: tensor, purpose: purpose))
        if case .parameter(let parameter, let layout) = purpose {
          stored[parameter] = (tensor, layout)
        }
      }
    }
    promoteCopies()
  }

  /// A config may promise more blocks than there are, or fewer; names of either are known.
  private func lookup() -> NameLookup {
    let most = AlbertConfig.maxLayers
    func sane(_ stated: Int?) -> Int { min(max(1, stated ?? 1), most) }
    let groups = max(
      candidate.groups, sane(found?.config.numHiddenGroups), sane(partial.numHiddenGroups))
    let inner = max(candidate.innerLayers, sane(partial.innerGroupNum))
    return candidate.lookup(groups: groups, innerLayers: min(inner, max(1, most / groups)))
  }

  /// A copy of a parameter that is not there itself takes its place.
  private func promoteCopies() {
    for (index, assignment) in assignments.enumerated() {
      guard case .copy(let parameter, let layout, _) = assignment.purpose,
        parameter.role != .mlmDecoderWeight, stored[parameter] == nil
      else { continue }
      stored[parameter] = (assignment.tensor, layout)
      assignments[index] = TensorAssignment(
        tensor: assignment.tensor, purpose: .parameter(parameter, layout))
    }
  }
}
