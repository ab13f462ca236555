internal import AlbertArchitecture
internal import AlbertTensors

/// What the matrices of a model were rounded to before they were stored in a finer type again, as their numbers
/// show by themselves.
struct HiddenRounding {
  /// What happened, such as `rounded to bfloat16`.
  let words: String
  /// The unit roundoff of a type whose rounding errors are as large.
  let roundoff: Double
  /// How many matrices there are.
  let count: Int

  /// Nil where there is no such thing.
  init?(_ model: some ParameterStore) {
    let matrices = ParameterSpec.all(model.config, model.contents).filter {
      $0.shape.rank == 2 && $0.shape.count >= 64
    }
    let stored = matrices.map { model.elementType(of: $0.parameter) }
    guard !matrices.isEmpty, stored.allSatisfy({ $0 == .float32 || $0 == .float64 }) else {
      return nil
    }
    count = matrices.count
    for float in SmallFloat.all where Self.all(matrices, of: model, { float.holds($0) }) {
      (words, roundoff) = ("rounded to \(float.name)", float.roundoff)
      return
    }
    for type in [ElementType.bfloat16, .float16]
    where Self.all(matrices, of: model, { type.holds($0) }) {
      (words, roundoff) = ("rounded to \(type.name)", type.roundoff)
      return
    }
    for (isPerRow, scales) in [(true, "one scale per row"), (false, "one scale")] {
      for isSymmetric in [true, false] {
        var largest = 0.0
        let holds = matrices.allSatisfy { spec in
          let length = isPerRow ? spec.shape.dimensions[1] : spec.shape.count
          let found = model.withNumbers(of: spec.parameter) {
            Self.integerRoundoff($0, spec.shape.count, runs: length, isSymmetric: isSymmetric)
          }
          largest = max(largest, found ?? 0)
          return found != nil
        }
        guard holds else { continue }
        (words, roundoff) = ("quantised to int8 (\(scales))", largest)
        return
      }
    }
    return nil
  }

  /// Whether all numbers of all matrices are of a type.
  private static func all(
    _ matrices: [ParameterSpec], of model: some ParameterStore, _ holds: @escaping (Double) -> Bool
  ) -> Bool {
    matrices.allSatisfy { spec in
      model.withNumbers(of: spec.parameter) { number in
        (0..<spec.shape.count).allSatisfy { holds(number($0)) }
      }
    }
  }

  /// The roundoff of numbers that are multiples of a step in each of their runs; nil where they are not.
  ///
  /// √3 times the relative size of errors that are spread evenly over the step is that of a floating-point
  /// type's.
  private static func integerRoundoff(
    _ number: (Int) -> Double, _ count: Int, runs length: Int, isSymmetric: Bool
  ) -> Double? {
    var (errors, squares) = (0.0, 0.0)
    for start in stride(from: 0, to: count, by: length) {
      let run = start..<start + length
      let step = PrecisionLoss.integerStep(number, run, isSymmetric: isSymmetric)
      guard step.isFinite else { return nil }
      if step == 0 { continue }
      for index in run {
        squares += number(index) * number(index)
        let steps = number(index) / step
        guard abs(steps - steps.rounded()) <= Policy.stepSlack else { return nil }
      }
      errors += step * step / 12 * Double(length)
    }
    return squares > 0 ? (3 * errors / squares).squareRoot() : 0
  }
}

/// A floating-point type of 8 bits, which no tensor here has but many weights went through.
struct SmallFloat {
  let name: String
  private let significandBits: Int
  private let leastExponent: Int
  /// The largest number.
  let most: Double

  static let all = [
    SmallFloat(name: "float8 (e4m3)", significandBits: 3, leastExponent: -6, most: 448),
    SmallFloat(name: "float8 (e5m2)", significandBits: 2, leastExponent: -14, most: 57344),
  ]

  /// Half the distance between 1 and the next number.
  var roundoff: Double { Double(sign: .plus, exponent: -significandBits - 1, significand: 1) }

  /// The distance between neighbours where a number lies.
  func unit(at number: Double) -> Double {
    let exponent = max(number == 0 ? leastExponent : Int(number.exponent), leastExponent)
    return Double(sign: .plus, exponent: exponent - significandBits, significand: 1)
  }

  /// Whether it is a number of the type.
  func holds(_ number: Double) -> Bool {
    guard number.isFinite, abs(number) <= most else { return false }
    let steps = number / unit(at: number)
    return steps == steps.rounded()
  }
}
