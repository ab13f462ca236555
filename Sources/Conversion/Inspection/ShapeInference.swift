internal import Albert
internal import Tensors
internal import Upstreams

/// What the shapes of a checkpoint's tensors say of its config.
enum ShapeInference {
  /// Sizes by the tensors that have them; layers, heads and activation leave no trace in most shapes.
  static func config(
    of candidate: UpstreamRegistry.Candidate, _ tensors: [String: TensorDescription]
  ) -> PartialConfig {
    var found: [ParameterRole: (shape: Shape, layout: Layout)] = [:]
    for row in candidate.table.rows {
      let role: ParameterRole
      switch row.target {
      case .parameter(let parameter): role = parameter
      case .copy(let parameter, _): role = parameter
      case .buffer: continue
      }
      let name = candidate.table.name(
        row.template, group: 0, inner: 0, innerLayers: 1, place: candidate.place)
      if found[role] == nil, let tensor = tensors[name] {
        found[role] = (tensor.shape, row.layout)
      }
    }
    func extent(_ role: ParameterRole, _ axis: Int) -> Int? {
      guard let (shape, layout) = found[role] else { return nil }
      let d = shape.dimensions
      switch layout {
      case .canonical: return axis < d.count ? d[axis] : nil
      case .transposed: return d.count == 2 && axis < 2 ? d[1 - axis] : nil
      case .outputHeads: return d.count == 3 ? (axis == 0 ? d[1] * d[2] : d[0]) : nil
      case .inputHeads: return d.count == 3 ? (axis == 0 ? d[2] : d[0] * d[1]) : nil
      case .heads: return d.count == 2 && axis == 0 ? shape.count : nil
      }
    }
    var result = PartialConfig()
    result.vocabSize = extent(.wordEmbeddings, 0)
    result.embeddingSize = extent(.wordEmbeddings, 1)
    result.maxPositionEmbeddings = extent(.positionEmbeddings, 0)
    result.typeVocabSize = extent(.tokenTypeEmbeddings, 0)
    result.hiddenSize = extent(.queryWeight, 1) ?? extent(.queryBias, 0)
    result.intermediateSize = extent(.ffnBias, 0)
    result.numHiddenGroups = candidate.groups
    result.innerGroupNum = candidate.innerLayers
    if let (shape, layout) = found[.queryWeight], layout == .outputHeads, shape.rank == 3 {
      result.numAttentionHeads = shape.dimensions[1]
    }
    result.numLabels = extent(.classifierBias, 0) ?? extent(.qaOutputsBias, 0)
    return result
  }
}
