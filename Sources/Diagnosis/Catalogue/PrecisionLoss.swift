internal import AlbertArchitecture
internal import AlbertTensors

/// Numbers that went through a type with fewer digits.
enum PrecisionLoss: DefectKind {
  /// Numbers went through float16, bfloat16 (rounded or truncated), float8, 8-bit integers, or 4 or 8 bits in
  /// blocks.
  static let code = Diagnosis.Code(rawValue: "precision-loss")

  static func candidates(in scope: Scope) -> [Defect] {
    if let parameter = scope.parameter {
      return Rounding.all(below: parameter.type).map { rounding in
        scope.defect(code, [parameter.parameter], "was \(rounding.words)") {
          .change($0, .rounded(rounding))
        }
      }
    }
    let all = ParameterSpec.all(scope.config, scope.contents)
    let matrices = all.filter { $0.shape.rank == 2 }
    return Rounding.all(below: .float32).filter { $0.mode != .flushed }.flatMap { rounding in
      [(all, "parameters"), (matrices, "matrices")].map { specs, words in
        let statement = Statement(
          names: ["each of \(specs.count) \(words)"], predicate: "was \(rounding.words)",
          owner: .other)
        return Defect(
          code, statement, regions: Set(specs.map { ModelRegion($0.parameter) }),
          specs.map { .change($0.parameter, .rounded(rounding)) })
      }
    }
  }

  /// Multiples of a step, each at most half a step from where it should be, or few levels in each block.
  static func finding(
    on parameter: DifferingParameter, in evidence: WeightEvidence
  ) -> WeightFinding? {
    let (count, d) = (parameter.shape.count, parameter.shape.dimensions)
    guard parameter.shape == parameter.referenceShape, count >= Policy.fewestIntegers else {
      return nil
    }
    let ways = [(d.count == 2 ? d[1] : count, "one scale per row"), (count, "one scale")]
    func found(_ way: String, _ error: ExplainedError) -> WeightFinding {
      let statement = Statement(
        names: [evidence.words(parameter.parameter)], predicate: "was quantised to \(way)")
      return WeightFinding(
        defect: Defect(code, [parameter.parameter], statement, []), error: error)
    }
    return evidence.read(parameter.parameter, parameter.parameter) { value, expected in
      for (length, scales) in ways {
        for isSymmetric in [true, false] {
          let error = integerError(
            value, expected, count: count, runs: length, isSymmetric: isSymmetric)
          if let error { return found("int8 (\(scales))", error) }
        }
      }
      if let (name, error) = floatError(value, expected, count: count) { return found(name, error) }
      guard d.count == 2 else { return nil }
      if let (name, block, error) = tableError(value, expected, count: count) {
        return found("\(name) (one scale for \(block) numbers)", error)
      }
      for bits in [4, 8] {
        // bitsandbytes' blocks go on into the next row where rows are short.
        let blocks =
          bits == 4
          ? blockError(value, expected, rows: d[0], width: d[1])
            ?? blockError(value, expected, rows: 1, width: count)
          : gridError(value, expected, rows: d[0], width: d[1])
        if let (block, error) = blocks {
          return found("\(bits) bits (one scale for \(block) numbers)", error)
        }
      }
      return nil
    }
  }

  /// The error, all of which integers explain; nil where a number contradicts them.
  private static func integerError(
    _ value: (Int) -> Double, _ expected: (Int) -> Double, count: Int, runs length: Int,
    isSymmetric: Bool
  ) -> ExplainedError? {
    var error = ExplainedError()
    for start in stride(from: 0, to: count, by: length) {
      let step = integerStep(value, start..<start + length, isSymmetric: isSymmetric)
      guard step > 0, step.isFinite else {
        // A row of zeros, as a matrix may have some.
        if (start..<start + length).contains(where: { value($0) != expected($0) }) { return nil }
        continue
      }
      for index in start..<start + length {
        let (mine, theirs) = (value(index), expected(index))
        let steps = mine / step
        guard abs(steps - steps.rounded()) <= Policy.stepSlack,
          abs(mine - theirs) <= (0.5 + Policy.stepSlack) * step
        else { return nil }
        error.add(before: mine == theirs ? nil : mine - theirs, after: nil)
      }
    }
    return error
  }

  /// The step of integers of 8 bits that a run's numbers share: a 127th of the largest, or a 255th of the range.
  static func integerStep(
    _ value: (Int) -> Double, _ run: Range<Int>, isSymmetric: Bool
  ) -> Double {
    var (least, most) = (0.0, 0.0)
    for index in run {
      least = min(least, value(index))
      most = max(most, value(index))
    }
    return isSymmetric ? max(most, -least) / 127 : (most - least) / 255
  }

  /// Weights of the subject that were rounded and stored in a finer type again, where the step is off
  /// by no more than that may cause.
  static func verdict(
    on question: StepQuestion, in evidence: OutputEvidence
  ) -> (diagnosis: Diagnosis, isFinal: Bool)? {
    guard let rounding = evidence.rounding(explaining: question) else { return nil }
    let statement = Statement(
      names: ["each of \(rounding.count) matrices"],
      predicate: "was \(rounding.words), whatever type it is stored in")
    return (
      Diagnosis(code, message: statement.sentence(evidence.golden.side), explains: 1), false
    )
  }
}
