internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors

extension TensorContent {
  /// Compares each copy of the tensor with it, bit for bit.
  ///
  /// Throws for a copy whose numbers would be lost; a copy that upstream's code ignores is only
  /// warned about.
  func compareCopies() throws(FileError) -> [Finding] {
    guard case .stored(let tensor, let layout) = planned.origin, !planned.copies.isEmpty else {
      return []
    }
    let identities = archive.storageIdentities
    var findings: [Finding] = []
    var own: TensorBytes?
    for copy in planned.copies {
      if let identity = identities[copy.tensor.name], identity == identities[tensor.name] {
        continue
      }
      if copy.tensor.type == tensor.type {
        if own == nil {
          own = try archive.canonicalBytes(of: tensor, layout, canonical: planned.spec.shape)
        }
        if let own, try repeats(own, copy.tensor, copy.layout) { continue }
      }
      let message =
        "'\(copy.tensor.name)' should repeat '\(tensor.name)' and holds other numbers"
      guard copy.yields else {
        throw FileError(
          archive.path,
          .rejected(code: "copies-differ", message: message), tensor: copy.tensor.name,
          remedy: "find out which of the two the model was trained with")
      }
      findings.add(
        .warning, code: "copies-differ",
        message + "; '\(tensor.name)' was taken, as upstream's code does",
        tensor: copy.tensor.name)
    }
    return findings
  }

  /// Whether the elements of a copy are `own`; all of them are read, so that their checksums count.
  private func repeats(
    _ own: TensorBytes, _ copy: TensorDescription, _ layout: Layout
  ) throws(FileError) -> Bool {
    var position = 0
    var isEqual = true
    try archive.readElements(of: copy, layout, as: .canonical, canonical: planned.spec.shape) {
      (window) throws(FileError) in
      if isEqual { isEqual = try own.repeats(window, at: position) }
      position += window.byteCount
    }
    return isEqual && position == own.count
  }
}
