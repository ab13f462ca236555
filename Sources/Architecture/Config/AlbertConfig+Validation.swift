extension AlbertConfig {
  /// The largest extent that any size may have, so that products of two never overflow.
  package static let largestSize = 1 << 24

  /// What contradicts itself in the config, as sentences; empty for a config that can be computed.
  package var contradictions: [String] {
    var found: [String] = []
    func check(_ key: String, _ value: Int, most: Int = AlbertConfig.largestSize) {
      if value < 1 || value > most { found.append("\(key) is \(value), not from 1 to \(most)") }
    }
    check("vocab_size", vocabSize)
    check("embedding_size", embeddingSize)
    check("hidden_size", hiddenSize)
    check("intermediate_size", intermediateSize)
    check("max_position_embeddings", maxPositionEmbeddings)
    check("type_vocab_size", typeVocabSize)
    check("num_hidden_layers", numHiddenLayers, most: Self.maxLayers)
    check("num_hidden_groups", numHiddenGroups, most: Self.maxLayers)
    check("inner_group_num", innerGroupNum, most: Self.maxLayers)
    check("num_attention_heads", numAttentionHeads)
    guard found.isEmpty else { return found }
    if !hiddenSize.isMultiple(of: numAttentionHeads) {
      found.append(
        "hidden_size \(hiddenSize) is not a multiple of num_attention_heads \(numAttentionHeads)")
    }
    if numHiddenGroups * innerGroupNum > Self.maxLayers {
      found.append("num_hidden_groups x inner_group_num exceeds \(Self.maxLayers)")
    }
    if numHiddenLayers * innerGroupNum > Self.maxLayers {
      found.append("num_hidden_layers x inner_group_num exceeds \(Self.maxLayers)")
    }
    if !isCountable {
      found.append("the sizes together make a model whose cost exceeds what can be counted")
    }
    if layerMap.groups.count != numHiddenLayers {
      found.append("the layer map has \(layerMap.groups.count) layers, not \(numHiddenLayers)")
    }
    if let group = layerMap.groups.first(where: { $0 < 0 || $0 >= numHiddenGroups }) {
      found.append("the layer map names group \(group) of \(numHiddenGroups)")
    }
    for (key, eps) in [
      ("layer_norm_eps", layerNormEps), ("mlm_layer_norm_eps", mlmLayerNormEps),
    ] where !(eps > 0 && eps < 1) {
      found.append("\(key) is \(eps), not between 0 and 1")
    }
    if taskHead != nil { check("num_labels", numLabels, most: 1 << 20) }
    if let taskHead, let only = taskHead.onlyLabelCount, numLabels != only {
      found.append("num_labels is \(numLabels), but a head for \(taskHead.rawValue) has \(only)")
    }
    if embeddingProjectionIsIdentity && embeddingSize != hiddenSize {
      found.append("an identity projection needs embedding_size equal to hidden_size")
    }
    return found
  }

  /// Whether everything that is counted of the model stays far below the largest integer: the bytes
  /// of its parameters, of those of an unshared model and of a BERT, and the operations and
  /// activations of the longest sequence.
  private var isCountable: Bool {
    let (h, f, p) = (Double(hiddenSize), Double(intermediateSize), Double(maxPositionEmbeddings))
    let width = max(h, Double(embeddingSize))
    let block = 4 * h * h + 2 * h * f + 16 * (h + f)
    let blocks = Double(max(numHiddenLayers, numHiddenGroups) * innerGroupNum)
    let rows = 2 * Double(vocabSize) + p + Double(typeVocabSize) + 4 * h + Double(numLabels)
    let bytes = 8 * (rows * width + blocks * block)
    let operations = 2 * p * (width * h + blocks * (block + 2 * p * h))
    let activations = 4 * p * (width + 6 * h + f + Double(numAttentionHeads) * p)
    return max(bytes, operations, activations) < 0x1p62
  }

  /// The most layers, groups or inner layers that are accepted; the deepest published model has 24.
  package static let maxLayers = 4096
}
