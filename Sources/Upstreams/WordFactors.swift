internal import AlbertBytes
package import AlbertTensors

/// A word table that a file holds as two factors: narrow rows, and the projection that widens them before
/// positions and segments are added.
package struct WordFactors: Equatable, Sendable {
  /// The name of the narrow rows, [V, E].
  package let rows: String
  /// The name of the projection.
  package let projection: String
  /// Whether the projection is [H, E]; else it is [E, H].
  package let isTransposed: Bool
  /// The name of what is added to each row of the product; nil for nothing.
  package let bias: String?
  /// The name of the product, which no file has.
  package let name: String
  /// The product's shape, [V, H].
  package let shape: Shape

  /// What stands for `word_embeddings` in the product's name.
  static let product = "word_embeddings_product"
  /// What the factors are.
  package static let meaning = "a factor of the word embeddings"

  /// How one publisher names both.
  private struct Form {
    let rows: String
    let projection: String
    let isTransposed: Bool
    let positions: String
    var bias: String?
  }

  private static let forms = [
    Form(
      rows: "embeddings/word_embeddings", projection: "embeddings/word_embeddings_2",
      isTransposed: false, positions: "embeddings/position_embeddings"),
    Form(
      rows: "embeddings.word_embeddings.weight", projection: "embeddings.word_embeddings_2.weight",
      isTransposed: true, positions: "embeddings.position_embeddings.weight"),
    Form(
      rows: "embeddings/word_embeddings/embeddings:0",
      projection: "embeddings/word_embeddings_projector/projector:0", isTransposed: false,
      positions: "embeddings/position_embeddings/embeddings:0",
      bias: "embeddings/word_embeddings_projector/bias:0"),
  ]

  /// The products that a file's names and shapes show.
  package static func find(in tensors: [TensorDescription]) -> [WordFactors] {
    var shapes: [String: Shape]?
    var found: [WordFactors] = []
    for tensor in tensors {
      guard let form = forms.first(where: { tensor.name.hasSuffix($0.projection) }) else {
        continue
      }
      let known =
        shapes ?? Dictionary(tensors.map { ($0.name, $0.shape) }) { first, _ in first }
      shapes = known
      let prefix = String(tensor.name.dropLast(form.projection.count))
      let widths = form.isTransposed ? tensor.shape.reversed : tensor.shape
      guard widths.rank == 2, let rows = known[prefix + form.rows], rows.rank == 2,
        rows.dimensions[1] == widths.dimensions[0],
        known[prefix + form.positions]?.dimensions.last == widths.dimensions[1]
      else { continue }
      let bias = form.bias.map { prefix + $0 }.flatMap { known[$0] == nil ? nil : $0 }
      if let bias, known[bias] != Shape([widths.dimensions[1]]) { continue }
      found.append(
        WordFactors(
          rows: prefix + form.rows, projection: tensor.name, isTransposed: form.isTransposed,
          bias: bias, name: prefix + form.rows.exchanging("word_embeddings", for: product),
          shape: Shape([rows.dimensions[0], widths.dimensions[1]])))
    }
    return found
  }
}
