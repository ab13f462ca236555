internal import AlbertJSON

/// What the layers of a backbone say where they stand among a user's own, in a model that goes on from the
/// backbone's outputs: Keras writes no backbone then, only each layer with the calls of it.
struct KerasHubLayers {
  private let layers: Int
  private let heads: Int?

  /// The one backbone of which layers are in `model`; nil for none.
  init?(in model: JSONValue) {
    var calls: [String: Int] = [:]
    var heads: [Int?] = []
    Self.collect(model) { name, layer in
      // A group's inner layers are called as often as its first.
      if name.hasSuffix("_inner_layer_0") {
        calls[name] = layer["inbound_nodes"]?.elements?.count ?? 0
      }
      heads.append(layer["config"]?["num_heads"]?.integer)
    }
    guard let first = heads.first, heads.allSatisfy({ $0 == first }) else { return nil }
    layers = calls.values.reduce(0, +)
    guard layers > 0 else { return nil }
    self.heads = first
  }

  /// Adds what the layers say; the tensors have the sizes.
  func fill(_ config: inout PartialConfig) {
    config.numHiddenLayers = layers
    config.numAttentionHeads = heads
  }

  private static func collect(_ value: JSONValue, _ body: (String, JSONValue) -> Void) {
    if value["class_name"]?.string?.split(separator: ">").last == "TransformerEncoder",
      let name = value["name"]?.string,
      name.hasPrefix("group_"), name.contains("_inner_layer_")
    {
      return body(name, value)
    }
    for member in value.members ?? [] { collect(member.value, body) }
    for element in value.elements ?? [] { collect(element, body) }
  }
}
