internal import AlbertBytes
internal import AlbertTensors

/// A tensor of a bundle, whole or put together from pieces.
struct BundleTensor: Sendable {
  let description: TensorDescription
  let type: TensorFlowDataType
  let pieces: [BundlePiece]
  /// How the pieces make up the tensor; nil where there is just one.
  let grid: SliceGrid?

  /// All pieces share one window, but of less than this no part is worth reading.
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
    let share = max(Self.smallestWindow, SourceFile.windowSize / pieces.count)
    try grid.gather(
      pieces.map { BundlePieceReader($0, windowSize: share) },
      elementSize: description.type.size, body)
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
