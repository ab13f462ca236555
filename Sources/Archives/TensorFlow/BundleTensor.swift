internal import Bytes
internal import Tensors

/// A tensor of a bundle, whole or put together from pieces.
struct BundleTensor: Sendable {
  let description: TensorDescription
  let type: TensorFlowDataType
  let pieces: [BundlePiece]
  /// How the pieces make up the tensor; nil where there is just one.
  let grid: SliceGrid?

  /// Bytes that are handed on at once, and that the windows of all pieces come to.
  private static let windowSize = SourceFile.windowSize
  /// A window that is not worth making smaller, however many pieces there are.
  private static let smallestWindow = 4096

  /// Hands the content to `body` in row-major order and checks every piece.
  func read(_ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    guard let grid else {
      for piece in pieces { try piece.stream(body) }
      return
    }
    guard !grid.isSequential else {
      for cell in grid.cells { try pieces[cell].stream(body) }
      return
    }
    let share = max(Self.smallestWindow, Self.windowSize / pieces.count)
    var readers = pieces.map { BundlePieceReader($0, windowSize: share) }
    var output: [UInt8] = []
    output.reserveCapacity(Self.windowSize)
    let width = description.type.size
    try grid.forEachRun { (piece, elements) throws(FileError) in
      var missing = elements * width
      while missing > 0 {
        let count = min(missing, Self.windowSize - output.count)
        try readers[piece].append(count, to: &output)
        missing -= count
        guard output.count == Self.windowSize else { continue }
        try unsafe body(output.span.bytes)
        output.removeAll(keepingCapacity: true)
      }
    }
    if !output.isEmpty { try unsafe body(output.span.bytes) }
    for reader in readers { try reader.finish() }
  }

  /// Checks every byte without handing it on.
  func verify() throws(FileError) {
    for piece in pieces {
      switch type {
      case .string: try StringTensor.checkStrings(piece, count: description.shape.count)
      case .variant: try StringTensor.checkVariants(piece, count: description.shape.count)
      default: try piece.stream { _ in }
      }
    }
  }
}
