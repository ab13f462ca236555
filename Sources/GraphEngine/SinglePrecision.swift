internal import AlbertPlatform

/// Functions in Float32, step by step as onnxruntime computes them on x86 (its MLAS and Eigen), to the last
/// bit: a number beside a boundary between integers then falls on the same side of it.
enum SinglePrecision {
  // MARK: Functions of one number

  private static let leastExponent: Float = -87
  private static let maxExponent: Float = 88

  /// e^x by a polynomial (MLAS, `MlasComputeExpF32Kernel`); nil where the power would leave the usual range.
  static func exponential(_ x: Float) -> Float? {
    guard x >= leastExponent, x <= maxExponent else { return nil }
    return power(
      x,
      [0x1.694000p-10, 0x1.125edcp-7, 0x1.555b5ap-5, 0x1.555450p-3, 0x1.fffff6p-2, 1, 1])
  }

  /// The hyperbolic tangent by a fraction of polynomials (MLAS, `MlasTanhKernel`).
  static func tangent(_ x: Float) -> Float {
    guard !x.isNaN else { return x }
    let x = min(9, max(-9, x))
    let square = x * x
    let above = polynomial(
      square,
      [
        -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-08,
        1.48572235717979e-05, 6.37261928875436e-04, 4.89352455891786e-03,
      ])
    let below = polynomial(
      square,
      [1.19825839466702e-06, 1.18534705686654e-04, 2.26843463243900e-03, 4.89352518554385e-03])
    return above * x / below
  }

  /// The error function: a polynomial around 0, and beyond it 1 less a power (MLAS, `MlasErfKernel`).
  static func errorFunction(_ x: Float) -> Float {
    guard !x.isNaN else { return x }
    let size = min(x.magnitude, 3.925)
    guard size > 0.921875 else {
      let sum = polynomial(
        size * size,
        [
          -5.99104969e-4, 4.99339588e-3, -2.67667342e-2, 1.12818025e-1, -3.76124859e-1,
          1.28379151e-1,
        ])
      return Float(signOf: x, magnitudeOf: size.addingProduct(sum, size))
    }
    let sum = polynomial(
      size,
      [
        1.72948930e-5, -3.83208680e-4, 3.88393435e-3, -2.42545605e-2, 1.06777847e-1, 6.34846687e-1,
        1.28717512e-1,
      ])
    let rest = power(
      -size.addingProduct(sum, size),
      [1.38319808e-3, 8.37550033e-3, 4.16689515e-2, 1.66664466e-1, 4.99999851e-1, 1, 1])
    return Float(signOf: x, magnitudeOf: 1 - rest)
  }

  /// e^x: what x is beyond a multiple of ln 2 goes into a polynomial, and the multiple into the exponent.
  private static func power(_ x: Float, _ terms: [Float]) -> Float {
    let whole = Float(12_582_912).addingProduct(x, 1.44269504) - 12_582_912
    let high = x.addingProduct(whole, -6.93145752e-1)
    let rest = high.addingProduct(whole, -1.42860677e-6)
    return polynomial(rest, terms) * Float(sign: .plus, exponent: Int(whole), significand: 1)
  }

  /// A polynomial whose highest term comes first, each step rounded once.
  private static func polynomial(_ x: Float, _ terms: [Float]) -> Float {
    terms.dropFirst().reduce(terms[0]) { $1.addingProduct($0, x) }
  }

  /// x Φ(x) by the error function.
  static func exactGELU(_ x: Float) -> Float {
    x * 0.5 * (1 + errorFunction(x * Float(0.5).squareRoot()))
  }

  // MARK: Rows

  /// A sum over 8 lanes, whose halves are then added; what is left of the row comes last.
  static func sum(_ row: [Double]) -> Float {
    lanes(row) { $0 + $1 }
  }

  /// The mean of a row.
  static func mean(_ row: [Double]) -> Double { Double(sum(row) / Float(row.count)) }

  private static func lanes(_ row: [Double], _ add: (Float, Float) -> Float) -> Float {
    var sums = [Float](repeating: 0, count: 8)
    let whole = row.count / 8 * 8
    for index in 0..<whole { sums[index % 8] = add(sums[index % 8], Float(row[index])) }
    for half in [4, 2, 1] { for index in 0..<half { sums[index] += sums[index + half] } }
    return row[whole...].reduce(sums[0]) { add($0, Float($1)) }
  }

  /// The exponentials times the inverse of their sum, which is taken over 16 lanes
  /// (MLAS, `MlasComputeSoftmaxOutputF32Kernel`); nil where the largest is no number.
  static func softmax(_ row: [Double]) -> [Double]? {
    let numbers = row.map { Float($0) }
    guard let top = numbers.max(), top.isFinite, !numbers.contains(where: \.isNaN) else {
      return nil
    }
    // What is far below the largest counts for nothing, as what a mask hides.
    let powers = numbers.map { exponential($0 - top) ?? 0 }
    var sums = [Float](repeating: 0, count: 16)
    for (index, power) in powers.enumerated() { sums[index % 16] += power }
    for index in 0..<8 { sums[index] += sums[index + 8] }
    for step in [1, 2, 4] {
      for index in stride(from: 0, to: 8, by: 2 * step) { sums[index] += sums[index + step] }
    }
    let inverse = 1 / sums[0]
    return powers.map { Double($0 * inverse) }
  }

  /// e^x, also beyond the usual range.
  static func power(of x: Float) -> Float { exponential(x) ?? Float(exp(Double(x))) }

  /// A row less its mean times the inverse of its deviation, and both of these.
  static func normalized(
    _ row: ArraySlice<Double>, epsilon: Float
  ) -> (values: [Float], mean: Float, scale: Float) {
    let mean = Float(row.reduce(0, +) / Double(row.count))
    let centred = row.map { Float($0) - mean }
    let squares = lanes(centred.map(Double.init)) { $0.addingProduct($1, $1) }
    let scale = 1 / (squares / Float(row.count) + epsilon).squareRoot()
    return (centred.map { $0 * scale }, mean, scale)
  }

  /// The same where the sums are taken element by element, as onnxruntime's EmbedLayerNormalization does.
  static func normalizedInOrder(_ row: [Double], epsilon: Float) -> [Float] {
    let numbers = row.map { Float($0) }
    let mean = numbers.reduce(0, +) / Float(row.count)
    let centred = numbers.map { $0 - mean }
    let deviation =
      (centred.reduce(0) { $0 + $1 * $1 } / Float(row.count) + epsilon).squareRoot()
    return centred.map { $0 / deviation }
  }
}

extension OperatorCall {
  /// Whether numbers are computed in Float32, step by step as onnxruntime does: also those of float16,
  /// whose kernels too compute in Float32.
  func isSingle(_ value: GraphValue) -> Bool {
    roundsValues && (value.type == .float32 || value.type == .float16)
  }

  /// How a value is computed where Float32 is: by an operator's own form for float16, else by that for
  /// Float32; nil where it is computed in Float64.
  func steps<Form>(of value: GraphValue, single: Form?, half: Form? = nil) -> Form? {
    guard isSingle(value) else { return nil }
    return value.type == .float16 ? half ?? single : single
  }

  /// `numbers`, which are the first input's, each by a function: where Float32 is computed, by its form for
  /// that or for float16.
  func each(
    _ numbers: [Double], _ body: (Double) -> Double, single: ((Float) -> Float)? = nil,
    half: ((Float) -> Float)? = nil
  ) throws(OperatorError) -> GraphValue {
    let x = try input(0)
    guard let steps = steps(of: x, single: single, half: half) else {
      return GraphValue(numbers.map(body), x.type, x.shape)
    }
    return GraphValue(numbers.map { Double(steps(Float($0))) }, x.type, x.shape)
  }

  /// Whether the input at `index` is stored in the file, which a runtime packs before it runs; what is
  /// stored as float16 it first casts.
  func isStored(_ index: Int) -> Bool {
    index < node.inputs.count && optional(index)?.type != .float16
      && scope.isStored(node.inputs[index])
  }
}
