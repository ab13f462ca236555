public import Albert
public import Bytes
internal import Tensors

extension ConversionPlan {
  /// Whether every tensor is written in the type in which the source holds it.
  public var keepsTypes: Bool {
    tensors.allSatisfy { planned in
      if case .stored(let tensor, _) = planned.origin { tensor.type == planned.type } else { true }
    }
  }

  /// Reads the source again, and says whether `model` holds bit for bit what the plan makes of it.
  ///
  /// Neither side is in memory whole.
  public func matches(
    _ model: some ParameterStore, progress: Progress = { _, _ in }
  ) throws(FileError) -> Bool {
    guard model.contents == contents, model.config == config else { return false }
    let total = tensors.reduce(0) { $0 + $1.output.byteCount }
    var done = 0
    for planned in tensors {
      let parameter = planned.spec.parameter
      guard model.elementType(of: parameter) == planned.type else { return false }
      let content = TensorContent(archive: inspection.archive, planned: planned)
      var position = 0
      var isEqual = true
      try content.stream { window in
        isEqual =
          isEqual
          && model.withBytes(of: parameter) { bytes in
            bytes.repeats(window, at: position)
          }
        position += window.byteCount
        done += window.byteCount
        progress(done, total)
      }
      guard isEqual, position == planned.output.byteCount else { return false }
    }
    return true
  }
}

extension RawSpan {
  /// Whether `other` stands at `offset`.
  fileprivate func repeats(_ other: RawSpan, at offset: Int) -> Bool {
    guard other.byteCount <= byteCount - offset else { return false }
    return extracting(offset..<offset + other.byteCount).isEqual(to: other)
  }
}
