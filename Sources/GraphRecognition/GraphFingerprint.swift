internal import AlbertTensors

/// A number that two tensors share if they hold the same elements at the same places, whichever way
/// each is laid out.
///
/// Every element is mixed with its place in the canonical layout, and the results are added, so that
/// elements may come in any order: a matrix and its transpose are compared as they stream by, with
/// nothing held. It tells copies apart while looking; a conversion compares them bit for bit.
struct GraphFingerprint {
  private(set) var value: UInt64 = 0
  private let size: Int
  /// The distance in the canonical layout between neighbours in the file.
  private let step: UInt64
  /// Elements in the file after which a row begins.
  private let row: Int
  private var column = 0
  private var first: UInt64 = 0
  private var place: UInt64 = 0

  /// A fingerprint of a tensor of `count` elements of `size` bytes; `inputs` are the rows of a
  /// matrix that is stored as [in, out], nil for one in canonical layout.
  init(size: Int, count: Int, inputs: Int?) {
    self.size = size
    step = UInt64(inputs ?? 1)
    row = inputs.map { max(1, count / max(1, $0)) } ?? .max
  }

  /// Takes in the next elements.
  mutating func update(_ window: RawSpan) {
    switch size {
    case 1: update(window, as: UInt8.self)
    case 2: update(window, as: UInt16.self)
    case 4: update(window, as: UInt32.self)
    default: update(window, as: UInt64.self)
    }
  }

  private mutating func update<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ window: RawSpan, as type: T.Type
  ) {
    let count = window.byteCount / MemoryLayout<T>.size
    var index = 0
    while index < count {
      // As far as the places go on in equal steps.
      let run = min(row - column, count - index)
      value &+= Self.sum(window, index..<index + run, from: place, step: step, as: type)
      index += run
      column += run
      place &+= step &* UInt64(run)
      if column == row {
        column = 0
        first += 1
        place = first
      }
    }
  }

  private static func sum<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ window: RawSpan, _ range: Range<Int>, from place: UInt64, step: UInt64, as type: T.Type
  ) -> UInt64 {
    let constant: UInt64 = 0x9E37_79B9_7F4A_7C15
    var salt = place &* constant
    let saltStep = step &* constant
    var sum: UInt64 = 0
    for index in range {
      let bits: T = window.element(index)
      let mixed = (UInt64(bits) ^ salt) &* 0xBF58_476D_1CE4_E5B9
      sum &+= mixed ^ (mixed >> 32)
      salt &+= saltStep
    }
    return sum
  }
}
