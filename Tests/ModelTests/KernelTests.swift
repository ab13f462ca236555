import AlbertArchitecture
import AlbertPlatform
import CAlbertKernels
import Testing

/// The C kernels of every instruction set that this processor has, against Float64 formulas.
@Suite struct KernelTests {
  /// Widths below, at and beyond the lanes.
  private static let widths = [1, 2, 15, 16, 17, 33, 64]

  /// Deterministic numbers between -size and size.
  private func numbers(_ count: Int, _ size: Float) -> [Float] {
    (0..<count).map { size * (Float($0 * 7919 % 2003) / 1001 - 1) }
  }

  private static func exact(_ kind: albertkit_activation, _ x: Double) -> Double {
    switch kind {
    case albertkit_gelu_erf: return 0.5 * x * erfc(-x / 2.0.squareRoot())
    case albertkit_gelu_tanh:
      let inner = (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
      return x / (1 + exp(-2 * inner))
    case albertkit_silu: return x / (1 + exp(-x))
    case albertkit_relu: return max(0, x)
    default: return tanh(x)
    }
  }

  private static let kinds = [
    albertkit_gelu_erf, albertkit_gelu_tanh, albertkit_silu, albertkit_relu, albertkit_tanh,
  ]

  @Test func everyProcessorHasThePortableKernels() {
    #expect(KernelSet.all.first?.description == "portable")
  }

  @Test(arguments: kinds)
  func activationsAreRightToTheLastBits(_ kind: albertkit_activation) {
    let x = numbers(4001, 20)
    for kernels in KernelSet.all {
      let worst = zip(x, kernels.activate(kind, x)).map { x, y in
        let expected = Self.exact(kind, Double(x))
        // In units of the last place of the result, or of 1 where it is smaller.
        return abs(Double(y) - expected) / max(1, abs(expected)) / Double(Float.ulpOfOne)
      }.max()
      #expect((worst ?? .infinity) <= 2, "\(kernels): \(worst ?? .infinity) units")
    }
  }

  @Test func theTailsOfGELUDoNotCancel() {
    for kernels in KernelSet.all {
      let x: [Float] = [-3, -5, -8]
      for (value, x) in zip(kernels.activate(albertkit_gelu_erf, x), x) {
        #expect(abs(Double(value) / Self.exact(albertkit_gelu_erf, Double(x)) - 1) < 4e-6)
      }
    }
  }

  @Test func whatIsNotANumberStaysNone() {
    for kernels in KernelSet.all {
      for kind in Self.kinds {
        let y = kernels.activate(kind, [.nan, 1, -1])
        #expect(y[0].isNaN && y[1].isFinite && y[2].isFinite)
      }
      for kind in [albertkit_gelu_erf, albertkit_gelu_tanh, albertkit_silu] {
        #expect(kernels.activate(kind, [.infinity]).first?.isFinite == false)
        #expect(kernels.activate(kind, [-.infinity]).first?.isFinite == false)
      }
    }
  }

  @Test(arguments: widths)
  func biasesAreAddedToEachRow(_ width: Int) {
    let x = numbers(3 * width, 4)
    let bias = numbers(width, 2)
    for kernels in KernelSet.all {
      #expect(kernels.addBias(x, bias) == x.indices.map { x[$0] + bias[$0 % width] })
    }
  }

  @Test(arguments: widths)
  func layerNormIsRight(_ width: Int) {
    let x = numbers(3 * width, 4)
    let residual = numbers(3 * width, 1).reversed().map { $0 }
    let bias = numbers(width, 2)
    let weight = numbers(width, 1.5)
    let offset = numbers(width, 0.5)
    let epsilon = 1e-6
    var expected: [Double] = []
    for row in 0..<3 {
      let sums = (0..<width).map { column in
        Double(x[row * width + column]) + Double(residual[row * width + column])
          + Double(bias[column])
      }
      let mean = sums.reduce(0, +) / Double(width)
      let variance = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
      for (column, sum) in sums.enumerated() {
        expected.append(
          (sum - mean) / (variance + epsilon).squareRoot() * Double(weight[column])
            + Double(offset[column]))
      }
    }
    for kernels in KernelSet.all {
      let y = kernels.layerNorm(
        x, bias: bias, residual: residual, weight: weight, offset: offset, epsilon: epsilon)
      #expect(maxAbs(y, expected) < 2e-6)
    }
  }

  @Test(arguments: widths)
  func softmaxIsRightAndEvenOverNothingButPadding(_ width: Int) {
    let x = numbers(2 * width, 30)
    var mask = [Float](repeating: 0, count: width)
    if width > 1 { mask[width / 2] = -.greatestFiniteMagnitude }
    var expected: [Double] = []
    for row in 0..<2 {
      let powers = (0..<width).map { column in
        mask[column] == 0 ? exp(Double(x[row * width + column])) : 0
      }
      expected += powers.map { $0 / powers.reduce(0, +) }
    }
    for kernels in KernelSet.all {
      #expect(maxAbs(kernels.softmax(x, mask: mask), expected) < 1e-6)
      let nothing = [Float](repeating: -.greatestFiniteMagnitude, count: width)
      let padded = kernels.softmax(x, mask: nothing)
      #expect(padded.allSatisfy { abs($0 - 1 / Float(width)) < 1e-7 })
    }
  }
}
