internal import AlbertTensors

/// The terms of a sum of values.
struct GraphSum {
  /// Products with constant matrices, each with the bias that is certainly its own.
  var linears: [GraphLinear] = []
  /// Everything else that depends on what goes into the graph, by its root.
  var values: [String] = []
  /// Constant lists of numbers that are not yet any product's bias.
  var biases: [String] = []
  /// Other constants.
  var constants: [String] = []

  /// The number of terms that are no bias.
  var count: Int { linears.count + values.count + constants.count }

  /// The product at `index` with the bias that is left over, if it has none of its own.
  func linear(_ index: Int) -> GraphLinear {
    let linear = linears[index]
    return linear.bias == nil && biases.count == 1 ? linear.adding(biases[0]) : linear
  }
}

extension GraphView {
  /// The most terms that any sum of a transformer has.
  static let maxTerms = 8

  /// The terms of the sum of `values`; nil where there are too many.
  ///
  /// What is a LayerNorm's result, or a linear layer's with its bias, is one term although the last
  /// operator of either may be a sum.
  func sum(of values: [String], norms: [String: GraphNorm]) -> GraphSum? {
    var sum = GraphSum()
    var rest = Array(values.reversed())
    while let next = rest.popLast() {
      guard sum.count + rest.count <= Self.maxTerms, sum.biases.count <= Self.maxTerms else {
        return nil
      }
      let value = flow(next)
      if let vector = vector(value) {
        sum.biases.append(vector)
      } else if graph.constants[value] != nil {
        sum.constants.append(value)
      } else if norms[value] != nil {
        sum.values.append(value)
      } else if let linear = linear(value) {
        sum.linears.append(linear)
      } else if let node = graph.producer(of: value),
        performs(node, "Add") || node.operation == "Sum"
      {
        rest += operands(node).reversed()
      } else {
        sum.values.append(value)
      }
    }
    return sum
  }
}
