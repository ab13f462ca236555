internal import AlbertArchitecture
internal import AlbertTensors

/// What the shapes of recorded stages say of the model and of the inputs.
struct GoldenSizes {
  /// The extents found along each axis; several where the recording contradicts itself.
  private var extents: [StageAxis: Set<Int>] = [:]
  /// Layers behind which a state was recorded, at least; nil where none was.
  let layers: Int?

  /// Reads off every array that has as many axes as its stage; others say nothing.
  init(_ shapes: [Stage: Shape], _ contents: ModelContents, layers: Int?) {
    self.layers = layers
    for (stage, shape) in shapes {
      let axes = stage.axes(contents)
      guard axes.count == shape.rank else { continue }
      for (axis, extent) in zip(axes, shape.dimensions) {
        extents[axis, default: []].insert(extent)
      }
    }
  }

  /// The extents found along an axis; nil where no array has it.
  subscript(axis: StageAxis) -> Set<Int>? { extents[axis] }
}

extension Stage {
  /// The layers before a `hidden_states.N`; nil for another stage.
  var hiddenState: Int? {
    if case .hiddenStates(let index) = self { index } else { nil }
  }
}
