internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors

/// The bytes of one planned tensor, as the output wants them.
struct TensorContent {
  let archive: any TensorArchive
  let planned: PlannedTensor
  /// How the output lays them out.
  var layout = Layout.canonical
  /// The deviation with which a new model's weights begin.
  var initializerRange = 0.02

  /// The source's name of a matrix, which may hold nothing but zeros where a file was not copied whole; nil
  /// of what begins as zeros, such as a bias.
  var zerosAreDoubtful: String? {
    guard case .stored(let tensor, _) = planned.origin, planned.spec.shape.rank == 2 else {
      return nil
    }
    return tensor.name
  }

  /// Hands the output's bytes to `body` in windows: as they are read where the layout stays, else
  /// turned, the whole tensor at once or panel by panel where it is large.
  ///
  /// Of a quantised tensor only its parts have bytes: see `integers` and `scales`.
  func stream(_ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    switch planned.origin {
    case .stored(let tensor, _) where planned.passesThrough(to: layout):
      try archive.read(tensor.name, body)
    case .stored(let tensor, let stored):
      try stream(tensor, stored, body)
    case .identity, .initialized:
      let canonical = planned.origin == .identity ? identity() : initialized()
      let bytes = layout.fromCanonical(canonical, canonical: planned.spec.shape, elementSize: 4)
      try convert(unsafe bytes.span.bytes, from: .float32, at: 0, body)
    }
  }

  private func stream(
    _ tensor: TensorDescription, _ stored: Layout, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    var done = 0
    func change(_ window: RawSpan) throws(FileError) {
      try convert(window, from: tensor.type, at: done, body)
      done += window.byteCount / tensor.type.size
    }
    try archive.readElements(
      of: tensor, stored, as: layout, canonical: planned.spec.shape, change)
  }

  /// Hands over a window in the output's element type.
  private func convert(
    _ window: RawSpan, from source: ElementType, at first: Int,
    _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    if source == planned.type {
      try body(window)
      return
    }
    let bytes = try ElementConversion.convert(
      window, from: source, to: planned.type, tensor: planned.spec.name, path: archive.path,
      firstElement: first)
    try unsafe body(bytes.span.bytes)
  }
}
