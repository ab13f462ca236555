import AlbertArchitecture
import AlbertDiagnosis
import AlbertPlatform
import AlbertTestModels
import Testing

/// Types of few bits that no tensor here has, by the numbers that they leave.
@Suite("Diagnosis of coarse types")
struct CoarseTypeTests {
  private func said(_ name: String, _ round: ([Float]) -> [Float]) throws -> Set<String> {
    let (all, _) = try diagnose(name) { draft in
      for role in [ParameterRole.poolerWeight, .ffnWeight, .mlmDenseWeight] {
        draft[draft.block(role)] = round(draft[draft.block(role)])
      }
    }
    #expect(all.map(\.code) == [.precisionLoss, .precisionLoss, .precisionLoss], "\(all)")
    #expect(all.allSatisfy { $0.explains == 1 })
    return Set(
      all.compactMap { diagnosis in
        diagnosis.message.firstRange(of: " was ").map {
          String(diagnosis.message[$0.upperBound...])
        }
      })
  }

  /// The nearest multiple of what a type with so many bits of a fraction tells apart.
  private func rounded(_ value: Float, bits: Int, leastExponent: Int) -> Float {
    let exponent = max(value == 0 ? leastExponent : Int(value.exponent), leastExponent)
    let unit = Float(sign: .plus, exponent: exponent - bits, significand: 1)
    return (value / unit).rounded(.toNearestOrEven) * unit
  }

  @Test("float8", arguments: Draft.names)
  func floats(_ name: String) throws {
    for (bits, least, words) in [(3, -6, "float8 (e4m3)"), (2, -14, "float8 (e5m2)")] {
      let said = try said(name) { $0.map { rounded($0, bits: bits, leastExponent: least) } }
      #expect(said == ["quantised to \(words)"])
    }
  }

  /// `create_dynamic_map` of bitsandbytes, and its blocks, which go on from row to row.
  @Test("bitsandbytes' 8 bits", arguments: Draft.names, [64, 256])
  func dynamic(_ name: String, _ block: Int) throws {
    var map: [Double] = [0, 1]
    for power in 0..<7 {
      let bounds = (0...(1 << power)).map { 0.1 + 0.9 * Double($0) / Double(1 << power) }
      for (low, high) in zip(bounds, bounds.dropFirst()) {
        let middle = (low + high) / 2 * pow(10, Double(power - 6))
        map += [middle, -middle]
      }
    }
    #expect(map.count == 256)
    let said = try said(name) { blocks($0, block, map.sorted()) }
    #expect(said == ["quantised to bitsandbytes' 8 bits (one scale for \(block) numbers)"])
  }

  /// The quantiles of NF4 and the floats of FP4, in blocks that hold no more numbers than the type has, and such
  /// as are longer than some rows.
  @Test("Four bits across rows", arguments: Draft.names, [16, 64])
  func fourBits(_ name: String, _ block: Int) throws {
    let quantiles = [
      -1, -0.6961928, -0.52507305, -0.39491749, -0.28444138, -0.18477343, -0.09105004, 0, 0.0795803,
      0.1609302, 0.2461123, 0.33791524, 0.44070983, 0.562617, 0.72295684, 1,
    ]
    let halves: [Double] = [0, 0.0625, 2, 3, 4, 6, 8, 12]
    let floats = halves.map { $0 / 12 } + halves.map { -$0 / 12 }
    for (type, map) in [("NF4", quantiles), ("FP4", floats)] {
      let said = try said(name) { blocks($0, block, map) }
      #expect(said == ["quantised to \(type) (one scale for \(block) numbers)"])
    }
  }

  /// Each block as the nearest values of a map by its largest number.
  private func blocks(_ values: [Float], _ length: Int, _ map: [Double]) -> [Float] {
    stride(from: 0, to: values.count, by: length).flatMap { start -> [Float] in
      let block = values[start..<min(start + length, values.count)]
      let scale = block.map { abs(Double($0)) }.max() ?? 1
      return block.map { value in
        let wanted = Double(value) / scale
        let nearest = map.min { abs($0 - wanted) < abs($1 - wanted) } ?? 0
        return Float(nearest * scale)
      }
    }
  }
}
