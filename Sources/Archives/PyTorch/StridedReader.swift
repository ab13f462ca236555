internal import AlbertBytes

/// Puts the elements of a view that is not contiguous into the order of its content.
struct StridedReader {
  private let view: TorchView
  /// The axes of more than one index but the innermost, outermost first, with their steps in bytes;
  /// axes that lie as one are joined.
  private var outer: [(extent: Int, step: Int)] = []
  /// How often, and how far apart, the runs of a line come.
  private var line: (extent: Int, step: Int) = (1, 0)
  /// The bytes that lie together.
  private var run: Int

  init(_ view: TorchView) {
    self.view = view
    run = view.element.size
    guard view.byteCount > 0 else { return }
    var axes: [(extent: Int, step: Int)] = []
    for (extent, stride) in zip(view.shape.dimensions, view.strides) where extent != 1 {
      let step = stride * view.element.size
      if let last = axes.last, last.step == step * extent {
        axes[axes.count - 1] = (last.extent * extent, step)
      } else {
        axes.append((extent, step))
      }
    }
    if let last = axes.last, last.step == run {
      run *= last.extent
      axes.removeLast()
    }
    if let last = axes.popLast() { line = last }
    outer = axes
  }

  /// Reads from a storage that begins at `start` in `file`: the whole span where most of it is
  /// wanted, each run by itself where little of it is.
  func read(
    from file: SourceFile, at start: Int, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    let origin = view.span.lowerBound
    if view.span.count <= 4 * view.byteCount + SourceFile.windowSize {
      let bytes = try file.bytes(
        at: start + origin, count: view.span.count, what: "the tensor's data")
      try unsafe gather(bytes.span.bytes, from: origin, body)
    } else {
      try forEachLine { (offset) throws(FileError) in
        for index in 0..<line.extent {
          let first = start + offset + index * line.step
          try file.stream(first..<first + run, what: "the tensor's data", body)
        }
      }
    }
  }

  /// Gathers from bytes of the storage, the first of which is byte `origin` of it.
  func gather(
    _ bytes: RawSpan, from origin: Int, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    let size = max(SourceFile.windowSize, run)
    var window = [UInt8](repeating: 0, count: min(size, view.byteCount))
    var filled = 0
    try forEachLine { (offset) throws(FileError) in
      var index = 0
      while index < line.extent {
        let count = min(line.extent - index, (window.count - filled) / run)
        copy(
          count, runsOf: bytes, from: offset - origin + index * line.step, into: &window, at: filled
        )
        filled += count * run
        index += count
        // Full, or without room for another run.
        if window.count - filled < run {
          try unsafe body(window.span.bytes.extracting(0..<filled))
          filled = 0
        }
      }
    }
    if filled > 0 { try unsafe body(window.span.bytes.extracting(0..<filled)) }
  }

  private func copy(
    _ count: Int, runsOf bytes: RawSpan, from start: Int, into window: inout [UInt8], at filled: Int
  ) {
    guard count > 0 else { return }
    let source = bytes.extracting(start..<start + (count - 1) * line.step + run)
    unsafe source.withUnsafeBytes { source in
      unsafe window.withUnsafeMutableBytes { window in
        let target = unsafe UnsafeMutableRawBufferPointer(
          rebasing: window[filled..<filled + count * run])
        switch run {
        case 2: unsafe copy(count, source, target, as: UInt16.self)
        case 4: unsafe copy(count, source, target, as: UInt32.self)
        case 8: unsafe copy(count, source, target, as: UInt64.self)
        default:
          for index in 0..<count {
            let from = index * line.step
            unsafe UnsafeMutableRawBufferPointer(
              rebasing: target[index * run..<index * run + run]
            ).copyMemory(
              from: UnsafeRawBufferPointer(rebasing: source[from..<from + run]))
          }
        }
      }
    }
  }

  private func copy<Element: BitwiseCopyable>(
    _ count: Int, _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer,
    as type: Element.Type
  ) {
    for index in 0..<count {
      let element = unsafe source.loadUnaligned(fromByteOffset: index * line.step, as: type)
      unsafe target.storeBytes(of: element, toByteOffset: index * run, as: type)
    }
  }

  /// Calls `body` with the offset in the storage of each line, in the order of the content.
  private func forEachLine(_ body: (_ offset: Int) throws(FileError) -> Void) throws(FileError) {
    guard view.byteCount > 0 else { return }
    var index = [Int](repeating: 0, count: outer.count)
    var offset = view.span.lowerBound
    while true {
      try body(offset)
      var axis = outer.count - 1
      while axis >= 0 {
        index[axis] += 1
        offset += outer[axis].step
        if index[axis] < outer[axis].extent { break }
        offset -= outer[axis].step * outer[axis].extent
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
