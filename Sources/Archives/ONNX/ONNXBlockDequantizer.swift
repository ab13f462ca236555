internal import AlbertTensors

/// Turns packed integers into Float32 as the graph would.
struct ONNXBlockDequantizer {
  private let blocks: ONNXBlocks
  private let scales: [Float]
  /// What is subtracted from integers, one for each scale or one for all.
  private let zeros: [Int]
  /// What is added to scaled integers in place of that.
  private let offsets: [Float]
  private var reader: PackedCodeReader
  /// Elements handed on so far.
  private var position = 0

  init(_ blocks: ONNXBlocks, scales: [Float], zeros: [Int], numbers: [Float]) {
    self.blocks = blocks
    self.scales = scales
    self.zeros = zeros
    offsets = zip(scales, numbers).map { -$0 * $1 }
    reader = PackedCodeReader(blocks.codes)
  }

  /// The elements of the next window as the bytes of Float32.
  mutating func callAsFunction(_ window: RawSpan) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(window.byteCount * 32 / blocks.codes.bits)
    var reader = self.reader
    var position = self.position
    reader.read(window) { code in
      let place = blocks.places.place(position)
      position += 1
      let bits = value(code, place).rounded(to: blocks.rounding).bitPattern
      for shift in [0, 8, 16, 24] as [UInt32] {
        result.append(UInt8(truncatingIfNeeded: bits >> shift))
      }
    }
    self.reader = reader
    self.position = position
    return result
  }

  private func value(_ code: Int, _ place: Int) -> Float {
    switch blocks.zero {
    case .table(let table): table[code] * scales[place]
    case .numbers: Float(code) * scales[place] + offsets[place]
    case .fixed, .packed: Float(code - zeros[zeros.count == 1 ? 0 : place]) * scales[place]
    }
  }
}
