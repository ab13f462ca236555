package import AlbertArchitecture
package import AlbertBytes
internal import AlbertTensors
internal import Synchronization

extension ConversionPlan {
  /// Whether every number is written as the source holds it.
  package var keepsTypes: Bool { tensors.allSatisfy(\.isExact) }

  /// Reads the source again, and says whether `model` holds bit for bit what the plan makes of it.
  ///
  /// Integers count by the numbers that they stand for. Neither side is in memory whole; two tensors are
  /// read at a time.
  package func matches(
    _ model: some ParameterStore, _ observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> Bool {
    guard model.contents == contents,
      model.config.computes(as: config, mlm: contents.mlm),
      ParameterSpec.all(model.config, model.contents) == tensors.map(\.spec)
    else { return false }
    let total = tensors.reduce(0) { $0 + $1.output.byteCount }
    let tally = WorkTally(of: total, observer.progress)
    let isEqual = Mutex(true)
    try Machine.concurrently(tensors.count, atMost: 2) { (index) throws(FileError) in
      guard isEqual.withLock(\.self) else { return }
      let matches = try matches(tensors[index], model) { (path, count) throws(FileError) in
        try observer.check(path)
        tally.add(count)
      }
      if !matches { isEqual.withLock { $0 = false } }
    }
    return isEqual.withLock(\.self)
  }

  /// Whether `model` holds what one tensor is planned to be; `step` is told of bytes, with the file that
  /// they are of.
  private func matches(
    _ planned: PlannedTensor, _ model: some ParameterStore,
    _ step: (_ path: String, _ count: Int) throws(FileError) -> Void
  ) throws(FileError) -> Bool {
    let parameter = planned.spec.parameter
    let isQuantized = planned.type == .int8
    guard model.elementType(of: parameter) == (isQuantized ? .float32 : planned.type) else {
      return false
    }
    let content = content(of: planned)
    var position = 0
    var isEqual = true
    try content.streamNumbers { (window) throws(FileError) in
      try step(content.archive.path, window.byteCount / (isQuantized ? 4 : 1))
      isEqual =
        isEqual
        && model.withBytes(of: parameter) { bytes in
          guard bytes.repeats(window, at: position) else { return false }
          bytes.release(position..<position + window.byteCount)
          return true
        }
      position += window.byteCount
    }
    return isEqual && position == planned.output.byteCount * (isQuantized ? 4 : 1)
  }
}

extension TensorContent {
  /// Hands over the numbers that the output stands for, in its element type; integers as Float32.
  fileprivate func streamNumbers(
    _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    guard planned.type == .int8 else { return try stream(body) }
    try quantizedRows { (row) throws(FileError) in
      let numbers = row.integers.map { integer in
        (Float(Int8(bitPattern: integer)) * row.scale).bitPattern.littleEndian
      }
      try unsafe body(numbers.span.bytes)
    }
  }
}

extension RawSpan {
  /// Whether `other` stands at `offset`.
  fileprivate func repeats(_ other: RawSpan, at offset: Int) -> Bool {
    guard other.byteCount <= byteCount - offset else { return false }
    return extracting(offset..<offset + other.byteCount).isEqual(to: other)
  }
}
