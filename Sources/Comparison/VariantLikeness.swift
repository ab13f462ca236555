package import AlbertArchitecture
package import AlbertJSON
internal import AlbertPlatform

/// How like a config is to a published variant.
package struct VariantLikeness: Sendable {
  /// A key on which the two disagree.
  package struct Difference: Equatable, Sendable {
    /// The key, by Hugging Face's name.
    package let key: String
    /// What the config says.
    package let mine: JSONValue
    /// What the variant says.
    package let published: JSONValue
  }

  /// The variant.
  package let variant: Variant
  /// The keys on which the two disagree; none where the config is that variant's.
  package let differences: [Difference]
  /// How far apart they are: 0 for the same, 1 for one size that is twice another, a
  /// vocabulary counting half.
  package let distance: Double

  /// All published variants, the nearest first, in order of publication where they are equally near.
  package static func ranked(_ config: AlbertConfig) -> [VariantLikeness] {
    Variant.all.map { VariantLikeness(config, $0) }.ordered(by: \.distance)
  }

  /// Those of `ranked` to which no other one is nearer.
  package static func nearest(of ranked: [VariantLikeness]) -> [VariantLikeness] {
    ranked.filter { $0.distance == ranked.first?.distance }
  }

  /// The published variants to which no other one is nearer.
  package static func nearest(_ config: AlbertConfig) -> [VariantLikeness] {
    nearest(of: ranked(config))
  }

  private init(_ config: AlbertConfig, _ variant: Variant) {
    self.variant = variant
    let published = variant.config
    var differences: [Difference] = []
    var distance = 0.0
    for (key, path) in AlbertConfig.sizes {
      let (mine, theirs) = (config[keyPath: path], published[keyPath: path])
      guard mine != theirs else { continue }
      differences.append(
        Difference(key: key, mine: .integer(Int64(mine)), published: .integer(Int64(theirs))))
      // A vocabulary says what language a model is for, and less of what it is like.
      let weight = key == "vocab_size" ? 0.5 : 1
      distance += weight * abs(log2(Double(mine)) - log2(Double(theirs)))
    }
    // Google's own configs state the activation of the training, Hugging Face's what is published.
    if config.hiddenAct != published.hiddenAct, config.hiddenAct != variant.trainedWith {
      differences.append(
        Difference(
          key: "hidden_act", mine: .string(config.hiddenAct.rawValue),
          published: .string(published.hiddenAct.rawValue)))
      distance += 0.25
    }
    if config.layerNormEps != published.layerNormEps {
      differences.append(
        Difference(
          key: "layer_norm_eps", mine: .number(config.layerNormEps),
          published: .number(published.layerNormEps)))
      distance += 0.1
    }
    let dropouts = (
      config.passthrough.hiddenDropoutProb, published.passthrough.hiddenDropoutProb
    )
    // It is all that tells v1 from v2 where the activation does not.
    if let mine = dropouts.0, let theirs = dropouts.1, mine != theirs {
      differences.append(
        Difference(key: "hidden_dropout_prob", mine: .number(mine), published: .number(theirs)))
      distance += 0.01
    }
    self.differences = differences
    self.distance = distance
  }
}
