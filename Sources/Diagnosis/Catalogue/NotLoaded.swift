internal import AlbertArchitecture
internal import AlbertBytes

/// Parameters that were made and never filled with the reference's: what a loader does with a name that it
/// does not find, and says in a line that nobody reads.
///
/// A part that was trained anew looks the same to whoever knows the numbers alone.
enum NotLoaded: DefectKind {
  /// A parameter has nothing of the reference's: what a new model begins with, or other numbers altogether.
  static let code = Diagnosis.Code(rawValue: "not-loaded")

  /// A LayerNorm's weight that is one throughout, as of a new model.
  static func finding(
    on parameter: DifferingParameter, in evidence: WeightEvidence
  ) -> WeightFinding? {
    let own = parameter.parameter
    guard own.role.isLayerNormWeight, parameter.shape == parameter.referenceShape else {
      return nil
    }
    return evidence.read(own, own) { value, expected in
      var error = ExplainedError()
      for index in 0..<parameter.shape.count {
        guard value(index) == 1 else { return nil }
        error.add(before: expected(index) == 1 ? nil : 1 - expected(index), after: nil)
      }
      let statement = Statement(
        names: [evidence.words(own)], predicate: "is all one, as a new model begins")
      return WeightFinding(defect: Defect(code, [own], statement, []), error: error)
    }
  }

  /// Matrices that have nothing in common with the reference's, in a model that has most of them.
  static func verdict(
    on evidence: WeightEvidence, unexplained: [Parameter], findings: inout [WeightFinding]
  ) -> Diagnosis? {
    let left = Set(unexplained)
    let matrices = evidence.differences.map(\.parameter).filter { evidence.isMatrix($0) }
    let same = matrices.filter { !evidence.places.contains($0) }
    let unrelated = matrices.filter { left.contains($0) && isUnrelated($0, evidence) }
    guard let first = unrelated.first, unrelated.count <= same.count else { return nil }
    let list = unrelated.map { evidence.words($0) }.counted(naming: Policy.namedOneByOne)
    let isFresh = unrelated.allSatisfy { evidence.looksFresh($0) }
    return Diagnosis(
      code, parameter: first.name,
      message:
        "\(list) \(unrelated.count > 1 ? "have" : "has") nothing in common with the reference's: "
        + (isFresh
          ? "random numbers, as a new model begins"
          : "never loaded, trained anew, or another model's"),
      explains: Double(unrelated.count) / Double(max(1, evidence.differing.count)))
  }

  private static func isUnrelated(_ parameter: Parameter, _ evidence: WeightEvidence) -> Bool {
    let shapes = evidence.shapes(of: parameter)
    guard shapes.subject == shapes.reference, shapes.subject.count >= Policy.fewestUnrelated else {
      return false
    }
    return abs(evidence.similarity(parameter)) < Policy.unrelated
      && !evidence.isOnGrid(parameter) && !holdsTheSame(parameter, evidence)
  }

  /// Whether the numbers of a matrix are the reference's in another order, such as rows that are sorted
  /// otherwise.
  private static func holdsTheSame(_ parameter: Parameter, _ evidence: WeightEvidence) -> Bool {
    let count = evidence.shapes(of: parameter).subject.count
    return evidence.read(parameter, parameter) { value, expected in
      var (mine, theirs) = ((squares: 0.0, most: 0.0), (squares: 0.0, most: 0.0))
      for index in 0..<count {
        let (value, expected) = (value(index), expected(index))
        mine = (mine.squares + value * value, max(mine.most, value))
        theirs = (theirs.squares + expected * expected, max(theirs.most, expected))
      }
      // Sums in another order round otherwise.
      return mine.most == theirs.most
        && abs(mine.squares - theirs.squares) <= 1e-9 * theirs.squares
    }
  }
}
