internal import AlbertArchitecture
internal import AlbertTensors

/// What the layers of one pass compute with: a model's weights, the cores, and who may end it.
struct Computation: Sendable {
  let weights: Weights
  let parallelism: Parallelism
  let layerNormKind: LayerNormKind
  let observer: PassObserver
  /// The errors to make, where the pass is to show what rounding does.
  let disturbance: Disturbance?
  /// The precision of factors.
  let products: ProductPrecision

  /// y = x Wᵀ + b, with W [out, in] as linear layers store it.
  ///
  /// Throws where the caller gave up; threads then leave out what is left of their part.
  func linear(
    _ x: Matrix, _ weight: Parameter, _ bias: Parameter, outputs: Int
  ) throws(InputProblem) -> Matrix {
    let bias = weights.vector(bias)
    let factors = x.rounded(to: products)
    let type = weights.store.elementType(of: weight)
    let turned = weights.store.withBytes(of: weight) { bytes in
      unsafe bytes.withUnsafeBytes { bytes in
        let w = unsafe WeightMatrix(
          bytes: bytes, type: type, columns: x.columns, precision: products)
        return unsafe MatrixProduct.product(
          factors, w, outputs: outputs, parallelism, unless: { observer.isCancelled })
      }
    }
    try observer.check()
    var y = turned.transposed  // [tokens, out]
    for token in 0..<y.rows {
      for output in 0..<outputs { y.values[token * outputs + output] += bias[output] }
    }
    disturbance?.products(
      &y, of: x, rowLengths: weights.store.rowLengths(of: weight, width: x.columns),
      areWeights: true)
    return y
  }

  /// The rows of an embedding table, [ids, width].
  func rows(_ table: Parameter, _ ids: [Int], width: Int) -> Matrix {
    var rows = weights.rows(table, ids, width: width)
    disturbance?.elements(&rows, areWeights: true)
    return rows
  }

  /// An activation of every element.
  func apply(_ function: @Sendable (Double) -> Double, to x: Matrix) throws(InputProblem) -> Matrix
  {
    var y = x
    unsafe y.values.withUnsafeMutableBufferPointer { y in
      parallelism.run(x.rows) { row in
        if observer.isCancelled { return }
        for index in row * x.columns..<(row + 1) * x.columns {
          unsafe y[index] = function(y[index])
        }
      }
    }
    try observer.check()
    disturbance?.elements(&y, operations: 4)
    return y
  }

  /// The products of the rows of two matrices, on the calling thread.
  func product(_ x: Matrix, _ w: Matrix) -> Matrix {
    var y = MatrixProduct.product(x.rounded(to: products), w.rounded(to: products))
    disturbance?.products(&y, of: x, rowLengths: w.rowLengths)
    return y
  }

  /// The results of `body` for 0..<count, in order.
  func map<T>(_ count: Int, _ body: (Int) -> T) throws(InputProblem) -> [T] {
    let results = parallelism.map(count) { observer.isCancelled ? nil : body($0) }
    try observer.check()
    return results.compactMap(\.self)
  }

  /// LayerNorm with the weight and bias of two parameters.
  func layerNorm(_ x: Matrix, _ weight: Parameter, _ bias: Parameter, epsilon: Double) -> Matrix {
    var x = x
    let bias = weights.vector(bias)
    disturbance?.elements(&x)
    var y = x.layerNorm(
      layerNormKind, weight: weights.vector(weight), bias: bias, epsilon: epsilon,
      meanErrors: disturbance?.meanErrors(x))
    disturbance?.normalized(&y, bias: bias)
    return y
  }
}
