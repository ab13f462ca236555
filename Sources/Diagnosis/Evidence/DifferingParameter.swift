package import AlbertArchitecture
internal import AlbertTensors

/// How far a parameter of a model is from the reference's.
package struct ParameterDifference: Sendable {
  let parameter: Parameter
  /// Whether the two differ by more than is let pass.
  let isDifferent: Bool
  /// Whether their shapes are the same and all of their numbers finite.
  let isComparable: Bool
  /// The norm of the difference by the norm of the reference's.
  let relL2: Double

  package init(_ parameter: Parameter, isDifferent: Bool, isComparable: Bool, relL2: Double) {
    self.parameter = parameter
    self.isDifferent = isDifferent
    self.isComparable = isComparable
    self.relL2 = relL2
  }
}

/// A parameter of the subject that differs from the reference's, with samples of where.
struct DifferingParameter {
  let parameter: Parameter
  /// The shapes of both sides, which may differ in the rows of tables.
  let shape: Shape
  let referenceShape: Shape
  /// The subject's element type.
  let type: ElementType
  /// Elements that differ, from all over the parameter; none where the shapes differ.
  let samples: [(index: Int, value: Double)]

  /// Looks for elements that differ.
  init(_ parameter: Parameter, in evidence: WeightEvidence) {
    self.parameter = parameter
    let shapes = evidence.shapes(of: parameter)
    (shape, referenceShape) = shapes
    type = evidence.subject.elementType(of: parameter)
    guard shapes.subject == shapes.reference else {
      samples = []
      return
    }
    let closeness = evidence.closeness(parameter, parameter)
    samples = evidence.read(parameter, parameter) { value, expected in
      var samples: [(index: Int, value: Double)] = []
      for index in SpreadIndices(count: shapes.subject.count) {
        let value = value(index)
        if closeness.holds(value, expected(index)) { continue }
        samples.append((index, value))
        if samples.count == Policy.samples { break }
      }
      return samples
    }
  }

  /// Numbers of one row.
  var rowWidth: Int { shape.rank == 2 ? shape.dimensions[1] : 1 }
}

/// Every index below a count once, each far from the one before, the same every time.
struct SpreadIndices: Sequence, IteratorProtocol {
  private let count: Int
  private let step: Int
  private var given = 0
  private var index = 0

  init(count: Int) {
    self.count = count
    // The golden section spreads best; a step without a common divisor reaches every index.
    var step = Swift.max(1, Int(Double(count) * 0.618))
    while Self.commonDivisor(step, count) > 1 { step += 1 }
    self.step = step
  }

  mutating func next() -> Int? {
    guard given < count else { return nil }
    defer {
      given += 1
      index = (index + step) % count
    }
    return index
  }

  private static func commonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
