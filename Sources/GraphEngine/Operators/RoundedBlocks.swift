/// Rows of numbers that become integers of 8 bits block by block before a product with packed weights
/// (onnxruntime's MLAS, `QuantizeARow_CompInt8`).
struct RoundedBlocks {
  /// Elements that share a scale.
  let size: Int
  /// Bits of the packed weights.
  let bits: Int

  /// Whether onnxruntime has a kernel of integers for such blocks.
  var exists: Bool { (bits == 2 ? 32...128 : 16...256).contains(size) }

  /// The numbers that the integers stand for; the scale is Float32, and halves go to even.
  func rounded(_ numbers: [Double], width: Int) -> [Double] {
    var result = numbers
    for row in stride(from: 0, to: numbers.count, by: width) {
      for start in stride(from: row, to: row + width, by: size) {
        let block = start..<min(start + size, row + width)
        let largest = Float(block.reduce(0) { max($0, numbers[$1].magnitude) })
        let scale = Double(largest / 127)
        let inverse = largest == 0 ? 0 : 127 / largest
        for index in block {
          let integer = (Float(numbers[index]) * inverse).rounded(.toNearestOrEven)
          result[index] = Double(integer) * scale
        }
      }
    }
    return result
  }
}
