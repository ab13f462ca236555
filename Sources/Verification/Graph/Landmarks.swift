internal import AlbertArchitecture
internal import AlbertGraphEngine
internal import AlbertTensors

/// The landmarks of a model's forward pass, in the order of computation.
///
/// Beside the stages these are the operands and results of every product, the parts of every LayerNorm,
/// and what goes into and comes out of each activation: a textbook forward pass in Float64.
struct Landmarks {
  var all: [Landmark] = []
  let config: AlbertConfig
  let contents: ModelContents
  let inputs: ModelInputs
  let store: any ParameterStore
  /// Epsilons of single LayerNorms, by what landmarks call what these give.
  private let epsilons: [String: Double]

  /// Computes the landmarks of a model on inputs that fit it.
  init(
    _ store: any ParameterStore, _ inputs: ModelInputs, epsilons: [String: Double] = [:]
  ) {
    self.epsilons = epsilons
    self.store = store
    self.inputs = inputs
    config = store.config
    contents = store.contents
    var hidden = embeddings()
    for layer in 0..<config.numHiddenLayers {
      for inner in 0..<config.innerGroupNum { hidden = block(hidden, layer, inner) }
    }
    heads(hidden)
  }

  mutating func add(
    _ name: String, _ nearest: Stage, stage: Stage? = nil, _ layouts: [Double]...
  ) {
    all.append(Landmark(name: name, stage: stage, nearest: nearest, layouts: layouts))
  }

  /// Notes what some graphs have and others do without.
  mutating func addOptional(_ name: String, _ nearest: Stage, _ layouts: [Double]...) {
    all.append(
      Landmark(name: name, stage: nil, nearest: nearest, layouts: layouts, isOptional: true))
  }

  /// x Wᵀ + b, noting it without the bias and with it.
  mutating func linear(
    _ x: [Double], _ weight: Parameter, _ name: String, _ nearest: Stage, stage: Stage? = nil
  ) -> [Double] {
    // Word embeddings that decode have the vocabulary's bias.
    let summand = store.values(of: weight.bias ?? Parameter(.mlmBias))
    let product = self.product(x, weight)
    let sum = product.indices.map { product[$0] + summand[$0 % summand.count] }
    addOptional("the product for \(name)", nearest, product)
    add(name, nearest, stage: stage, sum)
    return sum
  }

  /// Rows of a matrix that are taken in a go, so that large ones are never held whole as Float64.
  private static let rowsPerPart = 1024

  /// x Wᵀ, [rows, outputs].
  private func product(_ x: [Double], _ weight: Parameter) -> [Double] {
    let d = weight.role.shape(in: config).dimensions
    let (outputs, width, rows) = (d[0], d[1], x.count / d[1])
    // As W xᵀ, so that the matrix is used as it lies.
    let turned = x.transposed(rows: rows, columns: width)
    var result = [Double](repeating: 0, count: rows * outputs)
    let type = store.elementType(of: weight)
    store.withBytes(of: weight) { bytes in
      for first in stride(from: 0, to: outputs, by: Self.rowsPerPart) {
        let count = min(Self.rowsPerPart, outputs - first)
        let size = width * type.size
        let part = bytes.extracting(first * size..<(first + count) * size).doubles(of: type) ?? []
        let y = MatrixProduct.multiply(
          part, turned, [(0, 0)], rows: count, depth: width, columns: rows)
        for output in 0..<count {
          for row in 0..<rows { result[row * outputs + first + output] = y[output * rows + row] }
        }
      }
    }
    return result
  }

  /// A LayerNorm with an epsilon of its own or the model's, noting its parts.
  mutating func layerNorm(
    _ x: [Double], _ weight: Parameter, epsilon: Double? = nil, _ name: String, _ nearest: Stage,
    stage: Stage? = nil
  ) -> [Double] {
    let factor = store.values(of: weight)
    let summand = weight.bias.map(store.values(of:)) ?? []
    let width = factor.count
    let rows = x.count / width
    let means = (0..<rows).map { row in
      x[row * width..<(row + 1) * width].reduce(0, +) / Double(width)
    }
    let centred = x.indices.map { x[$0] - means[$0 / width] }
    let squares = centred.map { $0 * $0 }
    let variances = (0..<rows).map { row in
      squares[row * width..<(row + 1) * width].reduce(0, +) / Double(width)
    }
    let own = epsilons[name] ?? epsilon ?? config.layerNormEps
    let deviations = variances.map { ($0 + own).squareRoot() }
    let normal = centred.indices.map { centred[$0] / deviations[$0 / width] }
    let scaled = normal.indices.map { normal[$0] * factor[$0 % width] }
    let result = scaled.indices.map { scaled[$0] + summand[$0 % width] }
    addOptional("the mean of \(name)", nearest, means)
    addOptional("the deviations from the mean of \(name)", nearest, centred, centred.map { -$0 })
    addOptional("the squares of \(name)", nearest, squares)
    addOptional("the variance of \(name)", nearest, variances)
    addOptional("the standard deviation of \(name)", nearest, deviations, deviations.map { 1 / $0 })
    addOptional("the normalised values of \(name)", nearest, normal)
    addOptional("the scaled values of \(name)", nearest, scaled)
    add(name, nearest, stage: stage, result)
    return result
  }

  mutating func embeddings() -> [Double] {
    let width = config.embeddingSize
    func rows(_ role: ParameterRole, _ ids: [Int]) -> [Double] {
      let table = store.values(of: Parameter(role))
      return ids.flatMap { table[$0 * width..<($0 + 1) * width] }
    }
    let tokens = inputs.shape.count
    let words = rows(.wordEmbeddings, inputs.inputIDs)
    let segments = rows(.tokenTypeEmbeddings, inputs.tokenTypeIDs)
    let places = rows(.positionEmbeddings, (0..<tokens).map { $0 % inputs.sequence })
    let nearest = Stage.embeddings
    add("the rows of the word embeddings", nearest, words)
    add("the rows of the segment embeddings", nearest, segments)
    let once = Array(places.prefix(inputs.sequence * width))
    // A graph may look the positions up once for all sequences.
    add("the rows of the position embeddings", nearest, once)
    addOptional("the position embeddings of all sequences", nearest, places)
    func sum(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 + $1 } }
    addOptional("the sum of word and segment embeddings", nearest, sum(words, segments))
    addOptional("the sum of word and position embeddings", nearest, sum(words, places))
    let all = sum(sum(words, segments), places)
    add("the sum of the embeddings", nearest, all)
    let embedded = layerNorm(
      all, Parameter(.embeddingLayerNormWeight), "the embeddings' LayerNorm", nearest,
      stage: .embeddings)
    if config.embeddingProjectionIsIdentity { return embedded }
    return linear(
      embedded, Parameter(.projectionWeight), "the projection", .hiddenStates(0),
      stage: .hiddenStates(0))
  }
}
