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
        if own == nil { own = try bytes(of: tensor, layout) }
        if let own, try canonical(copy.tensor, copy.layout).repeats(own) { continue }
      }
      let message =
        "'\(copy.tensor.name)' should repeat '\(tensor.name)' and holds other numbers"
      guard copy.yields else {
        throw FileError(
          archive.path,
          .rejected(code: "copies-differ", message: message), tensor: copy.tensor.name,
          remedy: "find out which of the two the model was trained with")
      }
      findings.append(
        Finding(
          .warning, code: "copies-differ",
          message + "; '\(tensor.name)' was taken, as upstream's code does",
          tensor: copy.tensor.name))
    }
    return findings
  }

  /// A stored tensor in canonical layout, its element type kept.
  private func canonical(_ tensor: TensorDescription, _ layout: Layout) -> TensorContent {
    TensorContent(
      archive: archive,
      planned: PlannedTensor(
        spec: planned.spec, origin: .stored(tensor, layout), copies: [], type: tensor.type))
  }

  /// The same as bytes to compare with: in the file itself where they lie there so.
  private func bytes(
    of tensor: TensorDescription, _ layout: Layout
  ) throws(FileError) -> TensorBytes {
    if Layout.canonical.hasBytes(of: layout) { return try archive.bytesInAnyOrder(of: tensor) }
    return try TensorBytes(count: planned.spec.shape.count * tensor.type.size) {
      (body) throws(FileError) in
      try canonical(tensor, layout).stream(body)
    }
  }

  /// Whether the content is `bytes`; all of it is read, so that its checksums count.
  private func repeats(_ bytes: TensorBytes) throws(FileError) -> Bool {
    var position = 0
    var isEqual = true
    try stream { (window) throws(FileError) in
      if isEqual { isEqual = try bytes.repeats(window, at: position) }
      position += window.byteCount
    }
    return isEqual && position == bytes.count
  }
}
