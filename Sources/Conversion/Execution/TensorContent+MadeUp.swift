internal import AlbertArchitecture
internal import AlbertTensors

/// Numbers that no source holds, in canonical layout, as the bytes of Float32.
extension TensorContent {
  /// I for the weight of a projection, +0.0 for anything else.
  func identity() -> [UInt8] {
    let shape = planned.spec.shape
    guard planned.spec.parameter.role == .projectionWeight, shape.rank == 2 else {
      return bytes(Array(repeating: 0, count: shape.count))
    }
    let columns = shape.dimensions[1]
    var values = [Float](repeating: 0, count: shape.count)
    for row in 0..<shape.dimensions[0] { values[row * columns + row] = 1 }
    return bytes(values)
  }

  /// What a new model begins with (transformers, modeling_albert.py, `_init_weights`): weights of a
  /// normal distribution, LayerNorm's factors one, biases zero; the same numbers every time.
  func initialized() -> [UInt8] {
    let role = planned.spec.parameter.role
    let count = planned.spec.shape.count
    if role.isLinearWeight || role.isEmbedding {
      var generator = SeededNormal(seed: planned.spec.name)
      return bytes((0..<count).map { _ in Float(generator.next() * initializerRange) })
    }
    return bytes(Array(repeating: role.isLayerNormWeight ? 1 : 0, count: count))
  }

  private func bytes(_ values: [Float]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(values.count * 4)
    for value in values {
      for shift in [0, 8, 16, 24] as [UInt32] {
        result.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
      }
    }
    return result
  }
}

/// Numbers of a standard normal distribution, the same for the same seed on every machine.
///
/// Twelve uniform numbers are added up (Irwin and Hall), which needs no function of a C library.
private struct SeededNormal {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  init(seed: String) {
    // FNV-1a.
    for byte in seed.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  mutating func next() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += uniform() }
    return sum
  }

  /// SplitMix64's next number, in 0..<1.
  private mutating func uniform() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }
}
