internal import AlbertArchitecture

/// A linear layer: y = x wᵀ + b.
@safe struct LinearLayer {
  let matrix: LayerMatrix
  let bias: UnsafePointer<Float>
}

/// Where a layer's weights are, and who multiplies with them.
@safe enum LayerMatrix {
  /// Packed for the kernels.
  case packed(PackedMatrix)
  /// Where they lie, for the machine's own matrix product.
  case inPlace(UnsafePointer<Float>, BLAS)
}

/// The weight and bias of a LayerNorm.
@safe struct NormWeights {
  let weight: UnsafePointer<Float>
  let bias: UnsafePointer<Float>
}

/// The weights of one inner layer of one group.
struct BlockWeights {
  /// Query, key and value as one layer of 3 H outputs.
  let queryKeyValue: LinearLayer
  let attentionOutput: LinearLayer
  let attentionNorm: NormWeights
  let ffn: LinearLayer
  let ffnOutput: LinearLayer
  let fullNorm: NormWeights
}
