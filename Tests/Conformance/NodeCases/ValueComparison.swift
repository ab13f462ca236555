internal import AlbertGraphEngine
internal import AlbertGraphs
internal import AlbertTensors

/// Whether two values are the same but for rounding, as NumPy's `assert_allclose` has it.
struct ValueComparison {
  let rtol: Double
  let atol: Double

  /// What is wrong with `found`; nil where nothing is.
  func difference(_ found: GraphValue, _ expected: GraphValue) -> String? {
    guard found.type == expected.type else {
      return "is \(found.type.rawValue), not \(expected.type.rawValue)"
    }
    guard found.shape == expected.shape else {
      return "is \(found.shape), not \(expected.shape)"
    }
    // bfloat16 has 8 bits: two steps of its last place, as ONNX's own comparison allows.
    let rtol = expected.type == .bfloat16 ? max(rtol, 0x1p-6) : rtol
    // Integers beyond 2^53 are no Float64.
    if case .integers(let found) = found.storage, case .integers(let expected) = expected.storage,
      rtol == 0 || found.contains(where: { $0.magnitude >= 1 << 53 })
    {
      guard let place = found.indices.first(where: { found[$0] != expected[$0] }) else {
        return nil
      }
      return "has \(found[place]), not \(expected[place]), at \(place)"
    }
    let (found, expected) = (found.doubles, expected.doubles)
    for (place, (one, other)) in zip(found, expected).enumerated() {
      if one == other || (one.isNaN && other.isNaN) { continue }
      if one.isFinite, other.isFinite, abs(one - other) <= atol + rtol * abs(other) { continue }
      return "has \(one), not \(other), at \(place)"
    }
    return nil
  }
}
