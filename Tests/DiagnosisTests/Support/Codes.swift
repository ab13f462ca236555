@testable import AlbertDiagnosis

/// The kinds of the catalogue by names of their own, so that a test reads as what it expects.
extension Diagnosis.Code {
  static let byteSwapped = ByteSwapped.code
  static let biasDoubled = BiasDoubled.code
  static let biasMissing = BiasMissing.code
  static let signFlipped = SignFlipped.code
  static let zeroed = Zeroed.code
  static let sopLabelsFlipped = SOPLabelsFlipped.code
  static let swapped = Swapped.code
  static let transposed = Transposed.code
  static let permutedHeads = PermutedHeads.code
  static let activation = OtherActivation.code
  static let layerNormEpsilon = LayerNormEpsilon.code
  static let layerCount = LayerCount.code
  static let groupMap = GroupMap.code
  static let positionOffset = PositionOffset.code
  static let maskIgnored = MaskIgnored.code
  static let maskMisapplied = MaskMisapplied.code
  static let segmentsIgnored = SegmentsIgnored.code
  static let precisionLoss = PrecisionLoss.code
  static let scaled = Scaled.code
  static let notLoaded = NotLoaded.code
  static let retrained = Retrained.code
}
