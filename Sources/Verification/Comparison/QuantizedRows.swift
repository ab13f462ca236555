internal import AlbertArchitecture
internal import AlbertTensors

/// A parameter whose file holds symmetric 8-bit integers with a scale for each row, as the numbers
/// that these stand for.
///
/// The largest number of a row is ±127 steps, so that the step is known from the numbers.
struct QuantizedRows {
  private let numbers: [Double]
  private let width: Int
  /// The distance between neighbours in each row.
  private let steps: [Double]

  init?(_ parameter: Parameter, in store: any ParameterStore) {
    let rows = parameter.role.shape(in: store.config).dimensions.first ?? 1
    let numbers = store.values(of: parameter)
    guard rows > 0, !numbers.isEmpty else { return nil }
    let width = numbers.count / rows
    self.numbers = numbers
    self.width = width
    steps = (0..<rows).map { row in
      (numbers[row * width..<(row + 1) * width].map(abs).max() ?? 0) / 127
    }
  }

  /// Whether rounding to the nearest integer explains every difference: half a step, and what
  /// Float32 makes of the scale.
  func holds(_ others: [Double]) -> Bool {
    guard others.count == numbers.count else { return false }
    return numbers.indices.allSatisfy { index in
      let step = steps[index / width]
      // NaN fails; a row of zeros holds nothing else.
      return abs(numbers[index] - others[index]) <= step * (0.5 + 127 * 0x1p-22)
    }
  }

  /// The unit roundoff of a type whose rounding errors are as large: √3 times their relative size,
  /// where an error is spread evenly over a step.
  var roundoff: Double {
    let squares = numbers.reduce(0) { $0 + $1 * $1 }
    let errors = steps.reduce(0) { $0 + $1 * $1 / 12 } * Double(width)
    return squares > 0 ? (3 * errors / squares).squareRoot() : 0
  }
}
