/// Which parameter group each layer uses.
///
/// Publishers compute it in floating point and differently, so a model stores the map itself.
package struct LayerMap: Equatable, Hashable, Sendable {
  /// The group of each layer, in order of the layers.
  package let groups: [Int]

  /// A map that is stated as such.
  package init(groups: [Int]) {
    self.groups = groups
  }

  /// Hugging Face's rule, `int(i / (L / G))` (modeling_albert.py, `AlbertTransformer.forward`).
  package static func huggingFace(layers: Int, groups: Int) -> LayerMap {
    let perGroup = Double(layers) / Double(groups)
    return LayerMap(groups: (0..<layers).map { Int(Double($0) / perGroup) })
  }

  /// Google's rule, `int(i / L * G)` (google-research/albert, modeling.py, `transformer_model`).
  package static func google(layers: Int, groups: Int) -> LayerMap {
    LayerMap(groups: (0..<layers).map { Int(Double($0) / Double(layers) * Double(groups)) })
  }
}

extension AlbertConfig {
  /// The same model with a group for each layer.
  package var withoutSharing: AlbertConfig {
    var result = self
    result.numHiddenGroups = numHiddenLayers
    result.layerMap = LayerMap(groups: Array(0..<numHiddenLayers))
    return result
  }
}
