extension AlbertConfig {
  /// Whether two configs make the same numbers of the same weights.
  ///
  /// The masked-LM head's epsilon counts only where `mlm` says that there is such a head.
  package func computes(as other: AlbertConfig, mlm: Bool) -> Bool {
    numHiddenLayers == other.numHiddenLayers && numHiddenGroups == other.numHiddenGroups
      && innerGroupNum == other.innerGroupNum && numAttentionHeads == other.numAttentionHeads
      && hiddenAct == other.hiddenAct && layerNormEps == other.layerNormEps
      && (!mlm || mlmLayerNormEps == other.mlmLayerNormEps) && layerMap == other.layerMap
  }
}
