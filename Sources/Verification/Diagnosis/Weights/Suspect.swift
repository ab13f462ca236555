internal import Albert
internal import Tensors

/// A parameter of the subject that differs from the reference's, with samples of where.
struct Suspect {
  /// One element that differs.
  struct Sample {
    let index: Int
    let value: Double
  }

  let parameter: Parameter
  /// The shapes of both sides, which may differ in the rows of tables.
  let shape: Shape
  let referenceShape: Shape
  /// The subject's element type.
  let type: ElementType
  /// Elements that differ, from all over the parameter; none where the shapes differ.
  let samples: [Sample]

  private static let mostSamples = 48

  /// Looks for elements that differ.
  init(_ parameter: Parameter, in pair: ModelPair) {
    self.parameter = parameter
    let shapes = pair.shapes(of: parameter)
    (shape, referenceShape) = shapes
    let types = (
      pair.subject.elementType(of: parameter), pair.reference.elementType(of: parameter)
    )
    type = types.0
    guard shapes.subject == shapes.reference else {
      samples = []
      return
    }
    let closeness = pair.closeness(parameter, parameter)
    let count = shapes.subject.count
    samples = pair.withBytes(of: parameter) { mine, theirs in
      var samples: [Sample] = []
      for index in SpreadIndices(count: count) {
        let value = mine.double(at: index, of: types.0) ?? .nan
        let expected = theirs.double(at: index, of: types.1) ?? .nan
        if closeness.holds(value, expected) { continue }
        samples.append(Sample(index: index, value: value))
        if samples.count == Self.mostSamples { break }
      }
      return samples
    }
  }
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
