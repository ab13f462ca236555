package import AlbertArchitecture
package import AlbertTensors

/// The outputs that a golden file holds or a graph gives, as far as they serve a diagnosis.
package struct GoldenOutputs: Sendable {
  /// One stage that was recorded.
  struct Entry: Sendable {
    let stage: Stage
    /// [sequences, …], row-major.
    let values: [Double]
    /// The shape in the file.
    let recordedShape: Shape
    /// What the axes of `values` mean.
    let geometry: StageGeometry
    /// The unit roundoff of the arithmetic that gave the values.
    let roundoff: Double
    /// The largest root mean square of a channel, over real tokens; of a head at least what its terms make
    /// where they do not cancel.
    let scale: Double
    /// Whether every value of a real token is a finite number.
    let isFinite: Bool
  }

  /// Whose outputs they are.
  let side: Side
  /// The inputs of the sequences that are kept.
  let inputs: ModelInputs
  /// The stages, in the order of computation.
  let entries: [Entry]

  /// Keeps the recorded stages of a model, which `read` hands over one by one: nil for one that is not there.
  ///
  /// Of many sequences it keeps as many as fit, some with padding and some without among them.
  package init<Failure: Error>(
    _ shapes: [Stage: Shape], _ inputs: ModelInputs, _ model: any ParameterStore,
    of side: Side = .golden, headSizes: HeadSizes? = nil,
    read: (Stage) throws(Failure) -> ExpectedStage?
  ) throws(Failure) {
    let (config, contents) = (model.config, model.contents)
    let headSizes = headSizes ?? HeadSizes(model)
    let total = shapes.values.reduce(0) { $0 + $1.count }
    let perSequence = max(1, total / inputs.sequences)
    let kept = Self.choose(inputs, most: max(2, Policy.goldenValues / perSequence))
    let part = inputs.part(kept, contents)
    var entries: [Entry] = []
    for stage in Stage.all(config, contents, attentions: true) where shapes[stage] != nil {
      guard let recorded = try read(stage) else { continue }
      let width = recorded.values.count / inputs.sequences
      guard width > 0, width * inputs.sequences == recorded.values.count else { continue }
      let values =
        kept.count == inputs.sequences
        ? recorded.values : kept.flatMap { recorded.values[$0 * width..<($0 + 1) * width] }
      let d = recorded.shape.dimensions
      let shape = d.count == 4 ? Shape([kept.count] + d.dropFirst()) : Shape([kept.count, width])
      let geometry = StageGeometry(stage, shape, contents, part)
      let squares = values.meanSquares(
        width: max(1, geometry.runLength), isPadding: geometry.isPadding)
      entries.append(
        Entry(
          stage: stage, values: values, recordedShape: recorded.shape, geometry: geometry,
          roundoff: recorded.roundoff, scale: max(squares.largestRoot, headSizes[stage]),
          isFinite: squares.allSatisfy(\.isFinite)))
    }
    self.side = side
    self.inputs = part
    self.entries = entries
  }

  subscript(stage: Stage) -> Entry? { entries.first { $0.stage == stage } }

  /// The values of some sequences of an entry.
  func values(_ entry: Entry, _ sequences: [Int]) -> [Double] {
    let width = entry.values.count / inputs.sequences
    return sequences.flatMap { entry.values[$0 * width..<($0 + 1) * width] }
  }

  /// Where the values of real tokens are among those of some sequences.
  func realPlaces(_ entry: Entry, _ sequences: [Int]) -> [Int] {
    let width = max(1, entry.geometry.runLength)
    let runs = entry.values.count / inputs.sequences / width
    var places: [Int] = []
    for (row, sequence) in sequences.enumerated() {
      for run in 0..<runs where !entry.geometry.isPadding(run: sequence * runs + run) {
        let from = (row * runs + run) * width
        places += from..<from + width
      }
    }
    return places
  }

  private static func choose(_ inputs: ModelInputs, most: Int) -> [Int] {
    let all = Array(0..<inputs.sequences)
    guard all.count > most else { return all }
    let padded = all.filter { inputs.hasPadding($0) }
    let whole = all.filter { !inputs.hasPadding($0) }
    let half = min(padded.count, max(1, most / 2))
    return (whole.prefix(most - half) + padded.prefix(most - min(whole.count, most - half)))
      .sorted()
  }
}

extension ModelInputs {
  /// The flat indices of tokens that are not padding.
  var realTokens: [Int] { (0..<shape.count).filter { !isPadding($0) } }

  /// Whether a sequence has padding.
  func hasPadding(_ sequence: Int) -> Bool { tokens(sequence).contains { attentionMask[$0] == 0 } }

  /// Whether a sequence has a token of another segment than the first.
  func hasSegments(_ sequence: Int) -> Bool { tokens(sequence).contains { tokenTypeIDs[$0] != 0 } }

  /// Tokens of a sequence that are not padding.
  func realTokens(_ sequence: Int) -> Int {
    tokens(sequence).count { attentionMask[$0] != 0 }
  }

  /// The flat indices of a sequence's tokens.
  func tokens(_ row: Int) -> Range<Int> { row * sequence..<(row + 1) * sequence }

  /// Some of the sequences; choices become questions of one choice each.
  func part(_ rows: [Int], _ contents: ModelContents) -> ModelInputs {
    let shape =
      contents.taskHead == .multipleChoice
      ? Shape([rows.count, 1, sequence]) : Shape([rows.count, sequence])
    func pick(_ values: [Int]) -> [Int] { rows.flatMap { values[tokens($0)] } }
    do throws(InputProblem) {
      return try ModelInputs(
        inputIDs: pick(inputIDs), shape: shape, attentionMask: pick(attentionMask),
        tokenTypeIDs: pick(tokenTypeIDs))
    } catch {
      preconditionFailure("rows of inputs that fit together do so too: \(error)")
    }
  }
}
