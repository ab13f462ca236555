internal import AlbertPlatform

/// How many bits a runtime keeps of the factors of its products, whose sums it takes in Float32.
///
/// Graphics processors multiply matrices of Float32 in fewer bits where they may: TensorFlow and JAX let them
/// by default (TF32), PyTorch where it is told to; tensor processors multiply in bfloat16.
package struct ProductPrecision: Hashable, Sendable {
  /// The bits of a factor's significand, the first one included; nil where all are kept.
  package let bits: Int?
  /// Whether the others are cut off instead of rounded.
  package let isTruncated: Bool

  private init(bits: Int?, isTruncated: Bool = false) {
    self.bits = bits
    self.isTruncated = isTruncated
  }

  /// Factors as they are.
  package static let full = ProductPrecision(bits: nil)

  /// What runtimes do by themselves, with what it is called.
  package static let reduced: [(precision: ProductPrecision, name: String)] = [
    (ProductPrecision(bits: 11), "TF32"), (ProductPrecision(bits: 11, isTruncated: true), "TF32"),
    (ProductPrecision(bits: 8), "bfloat16"),
    (ProductPrecision(bits: 8, isTruncated: true), "bfloat16"),
  ]

  /// The unit roundoff of a factor; 0 where it is kept.
  package var roundoff: Double {
    bits.map { scalbn(1, (isTruncated ? 1 : 0) - $0) } ?? 0
  }

  /// A factor as it is multiplied.
  package func callAsFunction(_ value: Double) -> Double {
    guard let bits, value.isFinite else { return value }
    let dropped = UInt64(53 - bits)
    let half: UInt64 = isTruncated ? 0 : 1 << (dropped - 1)
    return Double(bitPattern: (value.bitPattern &+ half) & ~((1 << dropped) - 1))
  }
}
