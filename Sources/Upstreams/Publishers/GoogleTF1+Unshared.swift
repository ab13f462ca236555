internal import AlbertArchitecture

/// Checkpoints of Google's code in which Keras made the LayerNorms: each layer has two of its own, while
/// the matrices are shared as ever (google-research/albert issue 241, transformers issue 10774).
///
/// Keras numbers all LayerNorms of a program in the order in which they are made: that of the embeddings,
/// two per inner layer of each layer, that of the masked-LM head. TensorFlow numbers a group's scope anew
/// whenever a layer enters it: `group_0`, `group_0_1`, …
extension GoogleTF1 {
  /// The models of this kind in a file.
  static func unshared(in names: FileNames) -> [Candidate] {
    table.places(in: names).compactMap { Unshared(at: $0, in: names)?.candidate }
  }

  private struct Unshared {
    let place: NamePlace
    let innerLayers: Int
    /// The number of the embeddings' LayerNorm.
    let first: Int
    /// The scope in which each layer's LayerNorms are, and the group whose matrices it takes.
    var layers: [(scope: String, group: Int)] = []

    init?(at place: NamePlace, in names: FileNames) {
      guard let blocks = table.blocks(in: names, place: place),
        let first = (0..<64).first(where: { number in
          names.contains(
            place.prefix + "bert/embeddings/" + Self.layerNorm(number) + "/gamma")
        })
      else { return nil }
      self.place = place
      self.first = first
      innerLayers = blocks.innerLayers
      var group = 0
      var visit = 0
      while layers.count < AlbertConfig.maxLayers {
        let number = first + 1 + 2 * innerLayers * layers.count
        let choices = [(group, visit), (group + 1, 0)].map { group, visit in
          let times = visit == 0 ? "" : "_\(visit)"
          let scope = "bert/encoder/transformer/group_\(group)\(times)/layer_\(layers.count)/"
          return (group: group, visit: visit, scope: scope)
        }
        guard
          let found = choices.first(where: { choice in
            names.contains(
              place.prefix + choice.scope + "inner_group_0/" + Self.layerNorm(number) + "/gamma")
          })
        else { break }
        layers.append((found.scope, found.group))
        (group, visit) = (found.group, found.visit + 1)
      }
      guard !layers.isEmpty else { return nil }
    }

    /// A model with a group for each layer.
    var candidate: Candidate {
      var meanings: [String: [TensorPurpose]] = [:]
      for row in table.rows {
        guard case .parameter(let role) = row.target else { continue }
        guard role.isPerBlock else {
          meanings[name(role) ?? table.name(row, place: place), default: []]
            .append(.parameter(Parameter(role), row.layout))
          continue
        }
        for (layer, of) in layers.enumerated() {
          for inner in 0..<innerLayers {
            let name =
              name(role, layer: layer, inner: inner)
              ?? table.name(row, group: of.group, inner: inner, place: place)
            meanings[name, default: []]
              .append(.parameter(Parameter(role, group: layer, inner: inner), row.layout))
          }
        }
      }
      return Candidate(
        GoogleTF1.self, place: place, groups: layers.count, innerLayers: innerLayers,
        merged: NameLookup(all: meanings, prefix: place.prefix, training: training),
        anchor: table.fileName(of: .wordEmbeddings, place: place))
    }

    /// The name of a LayerNorm's parameter; nil for any other role.
    private func name(_ role: ParameterRole, layer: Int = 0, inner: Int = 0) -> String? {
      let block = first + 1 + 2 * (innerLayers * layer + inner)
      let inLayer = layers[layer].scope + "inner_group_\(inner)/"
      let last = first + 1 + 2 * innerLayers * layers.count
      let path: String
      switch role {
      case .embeddingLayerNormWeight, .embeddingLayerNormBias:
        path = "bert/embeddings/" + Self.layerNorm(first)
      case .attentionLayerNormWeight, .attentionLayerNormBias:
        path = inLayer + Self.layerNorm(block)
      case .fullLayerNormWeight, .fullLayerNormBias: path = inLayer + Self.layerNorm(block + 1)
      case .mlmLayerNormWeight, .mlmLayerNormBias:
        path = "cls/predictions/transform/" + Self.layerNorm(last)
      default: return nil
      }
      return place.prefix + path + (role.isLayerNormWeight ? "/gamma" : "/beta")
    }

    private static func layerNorm(_ number: Int) -> String {
      "layer_normalization" + (number == 0 ? "" : "_\(number)")
    }
  }
}
