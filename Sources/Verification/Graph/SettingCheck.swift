internal import AlbertArchitecture
internal import AlbertDiagnosis
internal import AlbertTensors

/// Holds what a graph states of single layers against what it changes.
///
/// The factors of a graph of half precision are off by more than another epsilon or another form of GELU makes of
/// its outputs. What its operators state needs no such allowance: it counts where a graph of Float32 would show it.
struct SettingCheck {
  /// The model that says what is right, with the graph's own weights.
  let reference: any ParameterStore
  let inputs: ModelInputs

  /// What a setting changes.
  struct Effect {
    let setting: LayerSetting
    /// The largest difference that it makes of its layer's output.
    let maxAbs: Double
    /// The share of the layer's error that vanishes with it.
    let share: Double
  }

  /// The first setting that changes more than rounding to Float32 does; `recorded` are the graph's own values.
  func first(of settings: [LayerSetting], _ recorded: [Stage: [Double]]) -> Effect? {
    guard !settings.isEmpty else { return nil }
    let right = Landmarks(reference, inputs)
    // What rounding to Float32 explains.
    let single = ElementType.float32.roundoff
    let rounding = Tolerance(arithmetic: [single, Engine.reference.roundoff], weights: [single])
    for setting in settings {
      guard let layer = setting.layer else { continue }
      // Without a projection the first layer takes the embeddings.
      let isBehindEmbeddings = layer == 0 && reference.config.embeddingProjectionIsIdentity
      let start = isBehindEmbeddings ? Stage.embeddings : .hiddenStates(layer)
      let end = Stage.hiddenStates(layer + 1)
      guard let hidden = right.all.first(where: { $0.stage == start })?.layouts[0],
        let landmark = right.all.first(where: { $0.stage == end })
      else { continue }
      let model = EditedModel(reference, config: setting.applied(to: reference.config))
      let other = Landmarks(model, inputs)
      let difference = landmark.layouts[0].largestDifference(
        from: output(of: layer, hidden, by: other))
      guard
        difference > landmark.allowance(rounding, reference.config, keys: inputs.sequence)
      else { continue }
      var share = 0.0
      if let own = recorded[start], let found = recorded[end], own.count == hidden.count {
        let before = Self.norm(found, output(of: layer, own, by: right))
        let after = Self.norm(found, output(of: layer, own, by: other))
        if before > 0 { share = 1 - after / before }
      }
      return Effect(setting: setting, maxAbs: difference, share: share)
    }
    return nil
  }

  /// What a layer makes of a hidden state.
  private func output(of layer: Int, _ hidden: [Double], by pass: Landmarks) -> [Double] {
    var pass = pass
    return (0..<pass.config.innerGroupNum).reduce(hidden) { pass.block($0, layer, $1) }
  }

  private static func norm(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }
}

extension [Double] {
  /// The largest absolute difference from other numbers, place by place.
  func largestDifference(from others: [Double]) -> Double {
    zip(self, others).reduce(0) { Swift.max($0, abs($1.0 - $1.1)) }
  }
}
