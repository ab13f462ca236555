import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertVerification

@Suite("Differences of weights")
struct WeightDifferenceTests {
  private static func bytes<T: FixedWidthInteger>(_ patterns: [T]) -> [UInt8] {
    unsafe patterns.map(\.littleEndian).withUnsafeBytes { unsafe [UInt8]($0) }
  }

  private static func difference<A: FixedWidthInteger, B: FixedWidthInteger>(
    _ mine: [A], _ mineType: ElementType, _ theirs: [B], _ theirsType: ElementType
  ) -> WeightDifference {
    let (left, right) = (bytes(mine), bytes(theirs))
    return unsafe WeightDifference(
      left.span.bytes, mineType, right.span.bytes, theirsType, count: mine.count)
  }

  @Test("Neighbours are one step apart in every type, over powers of two too")
  func neighbours() {
    for bits in [UInt32(1), 0x007F_FFFF, 0x3F7F_FFFF, 0x3F80_0000, 0x7F7F_FFFE] {
      #expect(Self.difference([bits], .float32, [bits + 1], .float32).ulps == 1)
    }
    for bits in [UInt16(1), 0x03FF, 0x3BFF, 0x3C00] {
      #expect(Self.difference([bits], .float16, [bits + 1], .float16).ulps == 1)
    }
    for bits in [UInt16(1), 0x007F, 0x3F7F, 0x3F80] {
      #expect(Self.difference([bits], .bfloat16, [bits + 1], .bfloat16).ulps == 1)
    }
    for bits in [UInt64(1), 0x000F_FFFF_FFFF_FFFF] {
      #expect(Self.difference([bits], .float64, [bits + 1], .float64).ulps == 1)
    }
  }

  @Test("Across zero the steps of both sides add up")
  func acrossZero() {
    #expect(Self.difference([UInt32(3)], .float32, [UInt32(0x8000_0002)], .float32).ulps == 5)
    #expect(Self.difference([UInt16(3)], .float16, [UInt16(0x8002)], .float16).ulps == 5)
  }

  @Test("Zeros of both signs are equal numbers of different bytes")
  func zeros() {
    for result in [
      Self.difference([UInt32(0)], .float32, [UInt32(0x8000_0000)], .float32),
      Self.difference([UInt32(0)], .float32, [UInt16(0x8000)], .bfloat16),
    ] {
      #expect(result.maxAbs == 0 && result.ulps == 0 && result.nonFinite == 0)
      #expect(!result.isBitwiseEqual)
    }
  }

  @Test("What converters to float16 raise to 1e-7 is no further off than rounding")
  func raised() {
    func ulps(_ half: UInt16, _ exact: Float) -> Double {
      Self.difference([half], .float16, [exact.bitPattern], .float32).ulps
    }
    #expect(ulps(2, 1e-9) == 0 && ulps(0x8002, -1e-9) == 0)
    #expect(Self.difference([Float(1e-9).bitPattern], .float32, [UInt16(2)], .float16).ulps == 0)
    // Zero stays zero, a sign stays, nothing is raised further, and nothing larger is.
    #expect(ulps(2, 0) > 1 && ulps(0x8002, 1e-9) > 1 && ulps(3, 1e-9) > 1)
    #expect(ulps(2, 2.5e-7) > 1)
    #expect(Self.difference([UInt16(2)], .bfloat16, [Float(1e-9).bitPattern], .float32).ulps > 1)
  }

  @Test("Of two types, units are those of the coarser one at the value")
  func coarser() {
    // 1/3 as Float32 and rounded to each half type: at most half a unit.
    let third = Float(1) / 3
    let half = Self.difference(
      [Float16(third).bitPattern], .float16, [third.bitPattern], .float32)
    #expect(half.ulps > 0 && half.ulps <= 0.5)
    let brain = Self.difference(
      [UInt16(truncatingIfNeeded: third.bitPattern >> 16)], .bfloat16, [third.bitPattern], .float32)
    #expect(brain.ulps > 0.5 && brain.ulps < 1)
    // Float16 is finer than bfloat16, but not among its smallest numbers.
    let small = Float(0x1p-22 * 1.4)
    let both = Self.difference(
      [Float16(small).bitPattern], .float16, [BFloat16(small).bitPattern], .bfloat16)
    #expect(both.ulps > 0 && both.ulps <= 1)
  }

  @Test("Units follow the exponent down to each type's normal numbers, and no further")
  func units() {
    #expect(ElementType.float16.unitInLastPlace(of: 1) == Double(Float16(1).ulp))
    #expect(ElementType.float16.unitInLastPlace(of: -1023.5) == Double(Float16(1023.5).ulp))
    #expect(ElementType.float16.unitInLastPlace(of: 0x1p-20) == 0x1p-24)
    #expect(ElementType.float32.unitInLastPlace(of: 3) == Double(Float(3).ulp))
    #expect(ElementType.float32.unitInLastPlace(of: 0) == 0x1p-149)
    #expect(ElementType.float32.unitInLastPlace(of: 0x1p-140) == 0x1p-149)
    #expect(ElementType.bfloat16.unitInLastPlace(of: 1.5) == 0x1p-7)
    #expect(ElementType.bfloat16.unitInLastPlace(of: 0) == 0x1p-133)
    #expect(ElementType.float64.unitInLastPlace(of: 5) == 5.0.ulp)
    #expect(ElementType.float64.unitInLastPlace(of: 0) == 0x1p-1074)
  }

  @Test("Numbers below the smallest of the coarser type are within its unit")
  func underflow() {
    let result = Self.difference([UInt16(0)], .float16, [Float(1e-8).bitPattern], .float32)
    #expect(result.ulps > 0.1 && result.ulps < 0.5)
  }

  @Test("NaN and infinity count on either side, equal bytes or not")
  func nonFinite() {
    let nan = UInt32(0x7FC0_0001)
    let infinity = Float.infinity.bitPattern
    let one = Float(1).bitPattern
    #expect(Self.difference([nan, one], .float32, [nan, one], .float32).nonFinite == 2)
    #expect(Self.difference([infinity], .float32, [infinity], .float32).nonFinite == 2)
    #expect(Self.difference([nan], .float32, [one], .float32).nonFinite == 1)
    #expect(Self.difference([one], .float32, [infinity], .float32).nonFinite == 1)
    #expect(
      Self.difference([infinity], .float32, [Float16.infinity.bitPattern], .float16).nonFinite == 2)
    #expect(
      Self.difference([Float16.nan.bitPattern], .float16, [Float16.nan.bitPattern], .float16)
        .nonFinite == 2)
    #expect(
      Self.difference([UInt16(0x7F80)], .bfloat16, [UInt16(0x7F80)], .bfloat16).nonFinite == 2)
    #expect(
      Self.difference([Double.nan.bitPattern], .float64, [Double.nan.bitPattern], .float64)
        .nonFinite == 2)
    #expect(Self.difference([nan], .float32, [nan], .float32).relL2 == .infinity)
  }

  @Test("Differences of both signs add up, relative to the reference's norm")
  func relative() {
    let result = Self.difference(
      [Float(2).bitPattern, Float(2).bitPattern], .float32,
      [Float(3).bitPattern, Float(1).bitPattern], .float32)
    #expect(result.maxAbs == 1)
    #expect(abs(result.relL2 - (2.0 / 10).squareRoot()) < 1e-15)
    let zeros = Self.difference([one], .float32, [UInt32(0)], .float32)
    #expect(zeros.relL2 == 1)
  }

  @Test("A difference in the last of several windows counts, and what is not finite once only")
  func windows() {
    let count = 3 << 18
    var mine = [UInt32](repeating: one, count: count)
    mine[5] = Float.nan.bitPattern
    mine[300_000] = Float(3).bitPattern
    var theirs = mine
    #expect(Self.difference(mine, .float32, theirs, .float32).isBitwiseEqual)
    #expect(Self.difference(mine, .float32, theirs, .float32).nonFinite == 2)
    theirs[count - 1] = Float(1.5).bitPattern
    let last = Self.difference(mine, .float32, theirs, .float32)
    #expect(!last.isBitwiseEqual && last.maxAbs == 0.5 && last.nonFinite == 2)
    theirs[300_000] = Float(1).bitPattern
    #expect(Self.difference(mine, .float32, theirs, .float32).maxAbs == 2)
  }

  @Test("A large matrix of a mapped file is not in memory once it was compared")
  func release() throws {
    let scratch = try Scratch()
    let count = MappedBytes.largeMatrix + 3 << 20
    let path = scratch.path("matrix")
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create], permissions: .ownerReadWrite)
    try file.closeAfter { try file.resize(to: Int64(count)) }
    let mapped = try MappedBytes(try SourceFile(path))
    let elements = count / 4
    let base = unsafe UInt(bitPattern: mapped.address(of: 0..<count).baseAddress)
    try mapped.withBytes(0..<count) { bytes in
      // All of it, so that the measure is known to move.
      _ = bytes.countNonFinite(of: .float32)
      let before = try residentBytes(at: base)
      let result = WeightDifference(bytes, .float32, bytes, .float32, count: elements)
      #expect(result.isBitwiseEqual && result.nonFinite == 0)
      #expect(try before == count && residentBytes(at: base) < 1 << 20)
      let wide = WeightDifference(bytes, .float32, bytes, .int32, count: elements)
      #expect(try !wide.isBitwiseEqual && residentBytes(at: base) < 1 << 20)
    }
  }

  /// The bytes of a mapping, named by its first address, that are in the process's memory.
  private func residentBytes(at base: UInt) throws -> Int {
    let file = try FileDescriptor.open(FilePath("/proc/self/smaps"), .readOnly)
    var text: [UInt8] = []
    try file.closeAfter {
      var part = [UInt8](repeating: 0, count: 1 << 16)
      while case let count = try unsafe part.withUnsafeMutableBytes({
        try unsafe file.read(into: $0)
      }),
        count > 0
      {
        text += part[..<count]
      }
    }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").drop {
      !$0.hasPrefix(String(base, radix: 16) + "-")
    }
    let number = lines.first { $0.hasPrefix("Rss:") }?.split(separator: " ").dropFirst().first
    return number.flatMap { Int($0) }.map { $0 << 10 } ?? -1
  }

  private let one = Float(1).bitPattern
}
