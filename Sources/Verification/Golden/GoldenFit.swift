internal import AlbertArchitecture
internal import AlbertTensors

/// How the arrays of a golden file fit a model and its inputs, axis by axis.
///
/// Shapes of recorded arrays are judged here and nowhere else. Behind it an array of `fitting` has as
/// many values along each axis as the model computes, so that it may be indexed freely.
struct GoldenFit {
  /// A recorded array that has not the shape of its stage.
  struct Misfit {
    /// The subject's stage.
    let stage: Stage
    /// The stage by its name in the file.
    let recorded: Stage
    let shapes: ShapeMismatch
  }

  let config: AlbertConfig
  let contents: ModelContents
  let inputs: ModelInputs
  /// Recorded stages of the shape that the model computes: the file's name for each of the subject's.
  private(set) var fitting: [Stage: Stage] = [:]
  /// Recorded stages of another shape, in the order of computation.
  private(set) var misfits: [Misfit] = []
  /// Recorded stages that the model does not have.
  private(set) var lacking: [Stage] = []
  /// What the shapes say of the model and of the inputs that the file was recorded with.
  let sizes: GoldenSizes

  /// Compares the shapes of recorded stages with those of a model's.
  init(_ golden: GoldenFile, _ model: any ParameterStore, _ inputs: ModelInputs) {
    (config, contents) = (model.config, model.contents)
    self.inputs = inputs
    let shapes = golden.stages.mapValues(\.shape)
    let recorded = Dictionary(
      firstOfEach: shapes.keys.map { (Self.stage($0, in: model.contents, golden), $0) })
    let known = Stage.all(config, contents, attentions: true)
    var found: [Stage: Shape] = [:]
    for stage in known {
      guard let name = recorded[stage], let shape = shapes[name] else { continue }
      found[stage] = shape
      let expected = stage.dimensions(config, contents, inputs)
      if shape.dimensions == expected {
        fitting[stage] = name
      } else {
        misfits.append(
          Misfit(
            stage: stage, recorded: name,
            shapes: ShapeMismatch(subject: expected, expected: shape.dimensions)))
      }
    }
    lacking = Set(recorded.keys).subtracting(known).ordered(by: \.name)
    sizes = GoldenSizes(found, contents, layers: shapes.keys.compactMap(\.hiddenState).max())
  }

  /// The subject's stage that a recorded one is: itself, or the only head's where it says `logits`.
  private static func stage(
    _ recorded: Stage, in contents: ModelContents, _ golden: GoldenFile
  ) -> Stage {
    let isPrediction =
      recorded == .logits && contents.heads == ["mlm"] && golden.stages[.predictionLogits] == nil
    return isPrediction ? .predictionLogits : recorded
  }

  /// The stages of the model that were recorded in its shape, in the order of computation.
  var stages: [Stage] {
    Stage.all(config, contents, attentions: true).filter { fitting[$0] != nil }
  }

  /// Whether the file holds no stage of the model, of whatever shape.
  var isEmpty: Bool { fitting.isEmpty && misfits.isEmpty }

  /// What a diagnosis may look at: what fits, and arrays of which one axis may be a defect's doing.
  ///
  /// Whether logits of another vocabulary are the subject's, cut or padded, shows in their columns;
  /// another number of heads changes no parameter's shape.
  var diagnosable: [Stage: Stage] {
    var stages = fitting
    for misfit in misfits where isDefect(misfit) { stages[misfit.stage] = misfit.recorded }
    return stages
  }

  private func isDefect(_ misfit: Misfit) -> Bool {
    let (mine, found) = (misfit.shapes.subject, misfit.shapes.expected)
    guard found.count == mine.count else { return false }
    let differing = found.indices.filter { found[$0] != mine[$0] }
    guard let axis = differing.first, differing.count == 1, found[axis] > 0 else { return false }
    switch misfit.stage.axes(contents)[axis] {
    case .vocabulary: return true
    case .heads: return config.hiddenSize.isMultiple(of: found[axis])
    default: return false
    }
  }
}
