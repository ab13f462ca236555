internal import Albert
internal import Tensors

extension HypothesisScope {
  /// Another activation, everywhere or in the masked-LM head alone.
  var activations: [Hypothesis] {
    Activation.allCases.filter { $0 != config.hiddenAct }.flatMap { activation in
      let words = "\(activation.words), the subject says \(config.hiddenAct.words)"
      var result = [
        Hypothesis(
          .activation, "the golden file was computed with \(words)",
          places: encoder.union([.mlm])
        ) { trial in
          trial.config.hiddenAct = activation
          trial.mlmActivation = nil
        }
      ]
      if recording[.predictionLogits] != nil {
        result.append(
          Hypothesis(
            .activation,
            "the golden file's encoder, without the masked-LM head, was computed with \(words)",
            places: encoder
          ) { trial in
            trial.mlmActivation = trial.mlmActivation ?? trial.config.hiddenAct
            trial.config.hiddenAct = activation
          })
      }
      if uses(.mlm) {
        result.append(
          Hypothesis(
            .activation, "the golden file's masked-LM head alone was computed with \(words)",
            places: [.mlm]
          ) { $0.mlmActivation = activation })
      }
      return result
    }
  }

  /// Another epsilon of the LayerNorms, of all or of the masked-LM head's alone.
  var epsilons: [Hypothesis] {
    let usual = [1e-12, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3]
    var result: [Hypothesis] = []
    for epsilon in usual {
      if epsilon != config.layerNormEps {
        let words = "\(epsilon), the subject says \(config.layerNormEps)"
        result.append(
          Hypothesis(
            .layerNormEpsilon,
            "the golden file was computed with the epsilon of every LayerNorm at \(words)",
            places: encoder.union([.embeddings, .mlm])
          ) { trial in
            trial.config.layerNormEps = epsilon
            trial.config.mlmLayerNormEps = epsilon
          })
        if recording[.predictionLogits] != nil {
          result.append(
            Hypothesis(
              .layerNormEpsilon,
              "the golden file was computed with the epsilon of every LayerNorm but the masked-LM "
                + "head's at \(words)",
              places: encoder.union([.embeddings])
            ) { $0.config.layerNormEps = epsilon })
        }
      }
      if uses(.mlm), epsilon != config.mlmLayerNormEps {
        let norm = Parameter(.mlmLayerNormWeight)
        result.append(
          Hypothesis(
            .layerNormEpsilon,
            "the golden file was computed with the epsilon of the masked-LM head's LayerNorm alone "
              + "at \(epsilon), the subject says \(config.mlmLayerNormEps)",
            places: [Place(norm)]
          ) { $0.config.mlmLayerNormEps = epsilon })
      }
    }
    return result
  }

  /// Another number of layers, where the step leads to the last.
  var layerCounts: [Hypothesis] {
    let count = config.numHiddenLayers
    switch step.target {
    case .embeddings: return []
    case .hiddenStates, .attentions: break
    default: if step.layers.isEmpty, step.start != .hiddenStates(count) { return [] }
    }
    let first = max(1, step.layers.lowerBound)
    let counts = Set(first...max(first, count)).union([count + 1, count + 2, 2 * count, 12, 24])
    return counts.filter { $0 != count && $0 >= first }.sorted { abs($0 - count) < abs($1 - count) }
      .flatMap { layers in
        layerMaps(layers).filter { map in
          // Before the last layer only the groups tell.
          step.isBeforeLastLayer
            ? step.layers.contains {
              $0 < map.groups.count && map.groups[$0] != config.layerMap.groups[$0]
            } : true
        }
        .map { map in
          Hypothesis(
            .layerCount,
            "the golden file was computed with \(layers) layers, the subject has \(count)",
            places: encoder.union(step.places)
          ) { trial in
            trial.config.numHiddenLayers = layers
            trial.config.layerMap = map
          }
        }
      }
  }

  /// What the layers of a deeper or shallower model use: Hugging Face's rule, or the same as far as
  /// the subject says.
  private func layerMaps(_ layers: Int) -> [LayerMap] {
    let groups = config.layerMap.groups
    let own = LayerMap(groups: (0..<layers).map { groups[min($0, groups.count - 1)] })
    let rule = LayerMap.huggingFace(layers: layers, groups: config.numHiddenGroups)
    return own == rule ? [own] : [rule, own]
  }

  /// Another assignment of layers to groups.
  var groupMaps: [Hypothesis] {
    let (layers, groups) = (config.numHiddenLayers, config.numHiddenGroups)
    guard groups > 1, layers > 0 else { return [] }
    let huggingFace = LayerMap.huggingFace(layers: layers, groups: groups)
    var candidates: [(LayerMap, String)] = [
      (huggingFace, "Hugging Face's rule"),
      (.google(layers: layers, groups: groups), "Google's rule"),
      (LayerMap(groups: (0..<layers).map { $0 % groups }), "the groups taking turns"),
      (LayerMap(groups: config.layerMap.groups.reversed()), "the groups in reverse order"),
      (
        LayerMap(groups: config.layerMap.groups.map { groups - 1 - $0 }),
        "the groups numbered from the last"
      ),
    ]
    for group in 0..<min(groups, 24) {
      candidates.append(
        (
          LayerMap(groups: [Int](repeating: group, count: layers)),
          "group \(group) in every layer"
        ))
    }
    var known: Set<LayerMap> = [config.layerMap]
    return candidates.filter { known.insert($0.0).inserted }.map { map, words in
      Hypothesis(
        .groupMap, "the golden file was computed with \(words) for the layers' groups",
        places: encoder
      ) { $0.config.layerMap = map }
    }
  }

  /// Masks, segments, ids and positions that are read otherwise.
  var readings: [Hypothesis] {
    var result: [Hypothesis] = []
    let rows = 0..<recording.inputs.sequences
    if rows.contains(where: recording.inputs.hasPadding) {
      result.append(
        Hypothesis(
          .maskIgnored,
          "the golden file was computed with every token attended to, padding too",
          places: encoder
        ) { $0.reading.ignoresMask = true })
    }
    guard uses(.embeddings) else { return result }
    if rows.contains(where: recording.inputs.hasSegments) {
      result.append(
        Hypothesis(
          .segmentsIgnored, "the golden file was computed with every token in segment 0",
          places: [.embeddings]
        ) { $0.reading.ignoresSegments = true })
    }
    let most = config.maxPositionEmbeddings
    result += [1, 2, -1, -2, 3, -3, 4, -4].filter { abs($0) < most }.map(positions(shiftedBy:))
    for offset in [1, -1, 2, -2, 3, -3] {
      result.append(
        Hypothesis(
          .vocabularyRows, [Parameter(.wordEmbeddings)],
          "the golden file was computed with word embeddings shifted by \(offset) rows"
        ) { $0.reading.idOffset += offset })
    }
    return result
  }
}

extension HypothesisScope {
  /// Position embeddings from another row than the first one on, around the table's end.
  func positions(shiftedBy offset: Int) -> Hypothesis {
    let table = Parameter(.positionEmbeddings)
    let most = config.maxPositionEmbeddings
    let words =
      offset > 0
      ? "with position \(offset) for the first token"
      : "with each token's position embedding taken \(-offset) rows before its own"
    return Hypothesis(.positionOffset, [table], "the golden file was computed \(words)") { trial in
      trial.permuteRows(table, (0..<most).map { (($0 + offset) % most + most) % most })
    }
  }
}
