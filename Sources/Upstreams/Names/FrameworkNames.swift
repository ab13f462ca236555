internal import AlbertArchitecture
internal import AlbertTensors

/// What a framework calls the tensors of a layer, and how it lays them out.
struct FrameworkNames: Sendable {
  private let separator: String
  private let embedding: String
  private let linear: (weight: String, bias: String)
  private let layerNorm: (weight: String, bias: String)
  private let layout: @Sendable (ParameterRole) -> Layout

  /// PyTorch: matrices are [out, in].
  static let torch = torch(layerNorm: ("weight", "bias"))

  /// PyTorch, with what TensorFlow calls the tensors of a LayerNorm.
  static let torchWithGamma = torch(layerNorm: ("gamma", "beta"))

  private static func torch(layerNorm: (weight: String, bias: String)) -> FrameworkNames {
    FrameworkNames(
      separator: ".", embedding: "weight", linear: ("weight", "bias"), layerNorm: layerNorm
    ) { _ in .canonical }
  }

  /// TensorFlow: kernels are [in, out].
  static let tensorFlow = tensorFlow { $0.isLinearWeight ? .transposed : .canonical }

  /// Keras' own layers: kernels are [in, out], with the attention's heads as an axis of their own.
  static let keras = tensorFlow { role in
    switch role {
    case .queryWeight, .keyWeight, .valueWeight: .outputHeads
    case .queryBias, .keyBias, .valueBias: .heads
    case .attentionOutputWeight: .inputHeads
    default: role.isLinearWeight ? .transposed : .canonical
    }
  }

  private static func tensorFlow(
    _ layout: @escaping @Sendable (ParameterRole) -> Layout
  ) -> FrameworkNames {
    FrameworkNames(
      separator: "/", embedding: "embeddings", linear: ("kernel", "bias"),
      layerNorm: ("gamma", "beta"), layout: layout)
  }

  /// Flax: kernels are [in, out].
  static let flax = FrameworkNames(
    separator: "/", embedding: "embedding", linear: ("kernel", "bias"),
    layerNorm: ("scale", "bias")
  ) { $0.isLinearWeight ? .transposed : .canonical }

  /// A layer by the role of its weight, with its path in the model.
  typealias Layer = (weight: ParameterRole, path: String)

  /// The rows of layers whose paths begin with `start`: of each the weight, then the bias where it has one.
  func rows(under start: String = "", _ layers: [Layer]) -> [NameTable.Row] {
    layers.flatMap { weight, path in
      [weight, weight.bias].compactMap(\.self).map { role in
        NameTable.Row(role, start + path + separator + tensor(role), layout(role))
      }
    }
  }

  /// What the framework calls the tensor of a role within its layer.
  func tensor(_ role: ParameterRole) -> String {
    if role.isEmbedding { return embedding }
    if role.isLayerNormWeight { return layerNorm.weight }
    if role.isLayerNormBias { return layerNorm.bias }
    return role.isLinearWeight ? linear.weight : linear.bias
  }

  /// How the framework lays it out.
  func layout(of role: ParameterRole) -> Layout { layout(role) }
}
