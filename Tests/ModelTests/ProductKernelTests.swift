import AlbertPlatform
import CAlbertKernels
import Testing

/// Products with packed matrices and attention, of every instruction set that this processor has, against
/// Float64 at sizes around those of tiles, panels and blocks.
@Suite struct ProductKernelTests {
  private static let rows = [1, 5, 6, 7, 12, 13, 29]
  private static let outputs = [1, 8, 17, 33, 70]
  private static let depths = [1, 3, 65, 769, 1537]

  /// Deterministic numbers between -1 and 1 that no two sizes share.
  private static func numbers(_ count: Int, _ seed: Int) -> [Float] {
    var state = UInt64(truncatingIfNeeded: seed &* 7919 &+ count)
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 23) - 1
    }
  }

  /// A product in Float64, and the sum of the magnitudes of its terms.
  private func exact(
    _ x: ArraySlice<Float>, _ w: ArraySlice<Float>
  ) -> (value: Double, size: Double) {
    var (value, size) = (0.0, 0.0)
    for (a, b) in zip(x, w) {
      value += Double(a) * Double(b)
      size += abs(Double(a) * Double(b))
    }
    return (value, size)
  }

  @Test func productsOfOddSizes() {
    for depth in Self.depths {
      for outputs in Self.outputs {
        let w = Self.numbers(outputs * depth, 1)
        let bias = Self.numbers(outputs, 2)
        let all = Self.numbers(29 * depth, 3)
        let sums = (0..<29 * outputs).map { index in
          let (row, output) = index.quotientAndRemainder(dividingBy: outputs)
          return exact(
            all[row * depth..<(row + 1) * depth], w[output * depth..<(output + 1) * depth])
        }
        for set in KernelSet.all {
          let panels = set.pack(w, albertkit_float32, depth: depth)
          for rows in Self.rows {
            let size = "\(set), \(rows) x \(depth) x \(outputs)"
            let gap = 3
            var y = [Float](repeating: 99, count: rows * (outputs + gap))
            set.multiply(
              Array(all.prefix(rows * depth)), panels, depth: depth, outputs: outputs, scale: 0.75,
              bias: bias, into: &y)
            var worst = 0.0
            for row in 0..<rows {
              let found = y[row * (outputs + gap)..<(row + 1) * (outputs + gap)]
              for (output, value) in found.prefix(outputs).enumerated() {
                let sum = sums[row * outputs + output]
                let expected = 0.75 * sum.value + Double(bias[output])
                let error = abs(Double(value) - expected) / (sum.size + 1)
                worst = error <= worst ? worst : error
              }
              // The gap between rows stays as it was.
              #expect(found.suffix(gap).allSatisfy { $0 == 99 }, "\(size)")
            }
            // A sum of n terms is off by no more than n roundings of its size; NaN fails too.
            #expect(worst <= Double(depth + 4) * 0x1p-24, "\(size)")
          }
        }
      }
    }
  }

  @Test(arguments: KernelSet.all)
  func partsOfAProductAreThoseOfTheWhole(_ set: KernelSet) {
    let (rows, depth) = (29, 900)
    let outputs = 3 * set.panel + 5
    let x = Self.numbers(rows * depth, 4)
    let panels = set.pack(Self.numbers(outputs * depth, 5), albertkit_float32, depth: depth)
    let bias = Self.numbers(outputs, 6)
    let gelu = Int32(albertkit_gelu_tanh.rawValue)
    var whole = [Float](repeating: .nan, count: rows * outputs)
    set.multiply(
      x, panels, depth: depth, outputs: outputs, bias: bias, activation: gelu, into: &whole)
    var parts = [Float](repeating: .nan, count: rows * outputs)
    for first in stride(from: 0, to: outputs, by: 2 * set.panel) {
      set.multiply(
        x, panels, depth: depth, outputs: outputs,
        columns: first..<min(outputs, first + 2 * set.panel), bias: bias, activation: gelu,
        into: &parts)
    }
    #expect(parts == whole)
    for row in 0..<rows {
      var alone = [Float](repeating: .nan, count: outputs)
      set.multiply(
        Array(x[row * depth..<(row + 1) * depth]), panels, depth: depth, outputs: outputs,
        bias: bias, activation: gelu, into: &alone)
      #expect(alone == Array(whole[row * outputs..<(row + 1) * outputs]), "row \(row)")
    }
  }

  @Test(arguments: KernelSet.all)
  func anActivationIsThatOfTheSum(_ set: KernelSet) {
    let (rows, depth, outputs) = (7, 800, set.panel + 3)
    let x = Self.numbers(rows * depth, 7)
    let panels = set.pack(Self.numbers(outputs * depth, 8), albertkit_float32, depth: depth)
    let bias = Self.numbers(outputs, 9)
    for kind in [albertkit_gelu_erf, albertkit_gelu_tanh, albertkit_relu, albertkit_silu] {
      var sums = [Float](repeating: .nan, count: rows * outputs)
      set.multiply(x, panels, depth: depth, outputs: outputs, into: &sums)
      var expected: [Float] = []
      for row in 0..<rows {
        let biased = set.addBias(Array(sums[row * outputs..<(row + 1) * outputs]), bias)
        expected += set.activate(kind, biased)
      }
      var found = [Float](repeating: .nan, count: rows * outputs)
      set.multiply(
        x, panels, depth: depth, outputs: outputs, bias: bias, activation: Int32(kind.rawValue),
        into: &found)
      #expect(found == expected, "\(kind.rawValue)")
    }
  }

  @Test(arguments: KernelSet.all)
  func everyHalfPrecisionNumberIsWidenedExactly(_ set: KernelSet) {
    let all = (0...UInt16.max).map { $0 }
    func expect(_ element: albertkit_element, _ value: (UInt16) -> Float) {
      // One output of each number: a panel holds them side by side.
      let panels = set.pack(all, element, depth: 1)
      let wrong = all.first { bits in
        let (found, expected) = (panels[Int(bits)], value(bits))
        return expected.isNaN ? !found.isNaN : found.bitPattern != expected.bitPattern
      }
      #expect(wrong == nil)
    }
    expect(albertkit_float16) { Float(Float16(bitPattern: $0)) }
    expect(albertkit_bfloat16) { Float(bitPattern: UInt32($0) << 16) }
  }

  @Test(arguments: KernelSet.all)
  func wideNumbersAreRoundedWhilePacked(_ set: KernelSet) {
    let (outputs, depth) = (set.panel + 1, 67)
    let w = Self.numbers(outputs * depth, 10).map { Double($0) / 3 }
    let panels = set.pack(w, albertkit_float64, depth: depth)
    #expect(panels == set.pack(w.map(Float.init), albertkit_float32, depth: depth))
    // The last panel is filled up with zeros.
    #expect(panels.suffix(set.panel - 1).allSatisfy { $0 == 0 })
  }

  @Test(arguments: KernelSet.all)
  func attentionOfOddSizes(_ set: KernelSet) {
    for (tokens, size) in [(1, 4), (5, 7), (13, 16), (33, 31), (50, 64), (129, 65)] {
      let qkv = Self.numbers(tokens * 3 * size, 11)
      var mask = [Float](repeating: 0, count: tokens)
      for padded in tokens - tokens / 4..<tokens { mask[padded] = -.greatestFiniteMagnitude }
      let scale = 1 / Float(size).squareRoot()
      let (context, probabilities) = set.attend(qkv, mask: mask, size: size, scale: scale)
      func row(_ token: Int, _ part: Int) -> ArraySlice<Float> {
        let first = (3 * token + part) * size
        return qkv[first..<first + size]
      }
      var worst = 0.0
      for query in 0..<tokens {
        let scores = (0..<tokens).map { key in
          mask[key] == 0 ? exact(row(query, 0), row(key, 1)).value * Double(scale) : -.infinity
        }
        let top = scores.max() ?? 0
        let weights = scores.map { exp($0 - top) }
        let total = weights.reduce(0, +)
        for key in 0..<tokens {
          let found = Double(probabilities[query * tokens + key])
          worst = max(worst, abs(found - weights[key] / total))
        }
        for feature in 0..<size {
          let expected = (0..<tokens).reduce(0.0) { sum, key in
            sum + weights[key] / total * Double(qkv[(3 * key + 2) * size + feature])
          }
          worst = max(worst, abs(Double(context[query * size + feature]) - expected))
        }
      }
      #expect(worst <= 2e-6, "\(tokens) tokens of \(size)")
    }
  }
}
