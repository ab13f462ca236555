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
    let own = try canonical(tensor, layout)
    for copy in planned.copies {
      if let identity = identities[copy.tensor.name], identity == identities[tensor.name] {
        continue
      }
      let other = try canonical(copy.tensor, copy.layout)
      if other == own && copy.tensor.type == tensor.type { continue }
      let message =
        "'\(copy.tensor.name)' should repeat '\(tensor.name)' and holds other numbers"
      guard copy.yields else {
        throw FileError(
          archive.files.first?.path.string ?? "",
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
}
