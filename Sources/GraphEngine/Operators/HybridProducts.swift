internal import AlbertGraphs
internal import AlbertTensors

/// Products of numbers with weights that are integers, as TensorFlow Lite computes them: each row of the
/// numbers becomes integers of its own scale first.
enum HybridProductOperators {
  static let operators: [Operator] = [
    Operator("HybridFullyConnected", domain: "tflite", run: fullyConnected)
  ]

  private static func fullyConnected(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let (x, weights) = (try call.input(0), try call.input(1))
    let scales = try call.numbers(2)
    guard weights.rank == 2, x.dimensions.last == weights.dimensions[1], weights.type.bits <= 8
    else {
      throw .invalid("the input and the weights do not fit together")
    }
    let (columns, width) = (weights.dimensions[0], weights.dimensions[1])
    guard scales.count == 1 || scales.count == columns, width > 0 else {
      throw .invalid("there are \(scales.count) scales for \(columns) columns")
    }
    let isAsymmetric = try call.integer("asymmetric", else: 0) != 0
    let rows = x.count / width
    let numbers = try call.numbers(0)
    var whole: [Double] = []
    whole.reserveCapacity(numbers.count)
    var rowScales: [Double] = []
    if call.keepsNumbers {
      whole = numbers
      rowScales = [Double](repeating: 1, count: rows)
    } else {
      for row in 0..<rows {
        let line = QuantizedRow(
          numbers[row * width..<(row + 1) * width], isAsymmetric: isAsymmetric)
        whole += line.integers
        rowScales.append(Double(line.scale))
      }
      call.rounds(to: whole.map { Int64(exactly: $0) ?? 0 })
    }
    let product = try ProductOperators.product(
      call, GraphValue(whole, .float64, try call.shape([rows, width])),
      MovementOperators.transposed(
        GraphValue(try call.integers(1).map(Double.init), .float64, weights.shape), [1, 0]))
    var result = product.doubles
    let bias = try call.optionalNumbers(3)
    guard bias == nil || bias?.count == columns else {
      throw .invalid("the bias does not fit \(columns) columns")
    }
    for index in result.indices {
      let (row, column) = (index / columns, index % columns)
      let scale = rowScales[row] * scales[scales.count == 1 ? 0 : column]
      result[index] = result[index] * scale + (bias?[column] ?? 0)
    }
    return [
      GraphValue(result, x.type, try call.shape(x.dimensions.dropLast() + [columns]))
    ]
  }
}

/// A row of numbers as integers of eight bits less their zero point (TensorFlow Lite,
/// portable_tensor_utils.cc), halves away from zero.
private struct QuantizedRow {
  let integers: [Double]
  let scale: Float

  init(_ numbers: ArraySlice<Double>, isAsymmetric: Bool) {
    let row = numbers.map { Float($0) }
    let least = row.min() ?? 0
    let most = row.max() ?? 0
    if isAsymmetric {
      let (low, high) = (Double(min(0, least)), Double(max(0, most)))
      guard low < high else {
        integers = row.map { _ in 0 }
        scale = 1
        return
      }
      let step = (high - low) / 255
      let fromLow = -128 - low / step
      let fromHigh = 127 - high / step
      // The end whose own error is smaller places the zero.
      let isLow = 128 + abs(low / step) < 127 + abs(high / step)
      let zero = min(127, max(-128, isLow ? fromLow : fromHigh)).rounded(.toNearestOrAwayFromZero)
      scale = Float(step)
      let inverse = 1 / scale
      integers = row.map { number in
        let place = (Float(zero) + number * inverse).rounded(.toNearestOrAwayFromZero)
        return Double(min(127, max(-128, place))) - zero
      }
    } else {
      let range = max(abs(least), abs(most))
      guard range > 0 else {
        integers = row.map { _ in 0 }
        scale = 1
        return
      }
      scale = range / 127
      let inverse = 127 / range
      integers = row.map { number in
        let place = (number * inverse).rounded(.toNearestOrAwayFromZero)
        return Double(min(127, max(-127, place)))
      }
    }
  }
}
