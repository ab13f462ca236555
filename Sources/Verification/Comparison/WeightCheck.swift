internal import Albert
internal import Bytes
internal import Tensors

/// Compares the parameters that two models hold, number by number.
struct WeightCheck {
  let subject: any ParameterStore
  let reference: any ParameterStore
  /// The user's own tolerance.
  var override: Double?

  /// Every parameter that both sides have, in order of use.
  func run() -> [WeightComparison] {
    let specs = ParameterSpec.all(subject.config, subject.contents)
    let others = Dictionary(
      uniqueKeysWithValues: ParameterSpec.all(reference.config, reference.contents)
        .map { ($0.parameter, $0.shape) })
    return specs.compactMap { spec in
      others[spec.parameter].map { compare(spec.parameter, spec.shape, $0) }
    }
  }

  private func compare(_ parameter: Parameter, _ shape: Shape, _ other: Shape) -> WeightComparison {
    guard shape == other else {
      return WeightComparison(
        parameter: parameter, outcome: .fail, bitwiseEqual: false, maxAbs: .infinity,
        relL2: .infinity, ulps: .infinity,
        problem: "the subject's shape is \(shape), the reference's \(other)")
    }
    let types = (subject.elementType(of: parameter), reference.elementType(of: parameter))
    let coarser = types.0.roundoff >= types.1.roundoff ? types.0 : types.1
    return subject.withBytes(of: parameter) { mine in
      reference.withBytes(of: parameter) { theirs in
        var difference = Difference()
        let isBitwise = types.0 == types.1 && mine.isEqual(to: theirs)
        if isBitwise {
          difference.nonFinite = mine.countNonFinite(of: types.0)
        } else {
          difference.add(mine, types.0, theirs, types.1, ulp: coarser, count: shape.count)
        }
        // Of one type, the numbers must be the same; of two, within one unit in the last place of
        // the coarser: rounding to nearest leaves half of one, truncation up to one.
        let holds =
          difference.nonFinite == 0
          && (difference.maxAbs == 0 || (types.0 != types.1 && difference.ulps <= 1)
            || (override.map { difference.maxAbs <= $0 } ?? false))
        return WeightComparison(
          parameter: parameter, outcome: Outcome(holds: holds), bitwiseEqual: isBitwise,
          maxAbs: difference.nonFinite > 0 ? .infinity : difference.maxAbs,
          relL2: difference.relL2, ulps: difference.ulps, nonFinite: difference.nonFinite)
      }
    }
  }

  private struct Difference {
    var maxAbs = 0.0
    var ulps = 0.0
    var nonFinite = 0
    var errorSquares = 0.0
    var expectedSquares = 0.0

    var relL2: Double {
      nonFinite > 0
        ? .infinity
        : errorSquares == 0
          ? 0 : expectedSquares == 0 ? 1 : (errorSquares / expectedSquares).squareRoot()
    }

    mutating func add(
      _ mine: RawSpan, _ mineType: ElementType, _ theirs: RawSpan, _ theirsType: ElementType,
      ulp: ElementType, count: Int
    ) {
      for index in 0..<count {
        let value = mine.double(at: index, of: mineType) ?? .nan
        let wanted = theirs.double(at: index, of: theirsType) ?? .nan
        let difference = abs(value - wanted)
        expectedSquares += wanted * wanted
        if difference == 0 { continue }
        guard difference.isFinite else {
          nonFinite += (value.isFinite ? 0 : 1) + (wanted.isFinite ? 0 : 1)
          continue
        }
        maxAbs = max(maxAbs, difference)
        ulps = max(ulps, difference / ulp.unitInLastPlace(of: wanted))
        errorSquares += difference * difference
      }
    }
  }
}

extension ElementType {
  /// The distance between neighbours at `value`.
  func unitInLastPlace(of value: Double) -> Double {
    switch self {
    case .float32: max(Double(Float(abs(value)).ulp), 0x1p-149)
    case .float16: max(Double(Float16(abs(value)).ulp), 0x1p-24)
    // As many exponents as Float32, 16 bits less of fraction.
    case .bfloat16: max(Double(Float(abs(value)).ulp) * 65536, 0x1p-133)
    default: abs(value).ulp
    }
  }
}

extension RawSpan {
  /// How many elements of a floating-point type are no finite numbers: whose exponent is all ones.
  func countNonFinite(of type: ElementType) -> Int {
    var count = 0
    switch type {
    case .float32:
      for index in 0..<byteCount / 4 {
        let bits: UInt32 = element(index)
        count += bits & 0x7F80_0000 == 0x7F80_0000 ? 1 : 0
      }
    case .float64:
      for index in 0..<byteCount / 8 {
        let bits: UInt64 = element(index)
        count += bits & 0x7FF0_0000_0000_0000 == 0x7FF0_0000_0000_0000 ? 1 : 0
      }
    case .float16, .bfloat16:
      let mask: UInt16 = type == .float16 ? 0x7C00 : 0x7F80
      for index in 0..<byteCount / 2 {
        let bits: UInt16 = element(index)
        count += bits & mask == mask ? 1 : 0
      }
    default: break
    }
    return count
  }
}
