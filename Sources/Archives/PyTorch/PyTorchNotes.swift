internal import AlbertBytes
internal import AlbertTensors

/// What a user should know of a pickle.
enum PyTorchNotes {
  static func notes(_ parts: [TorchFile]) -> [ArchiveNote] {
    var notes = notes(
      onExtras: Set(parts.flatMap(\.extras)).sorted(), loader: "torch.load(weights_only=False)")
    if parts.contains(where: { $0.zip?.hasChecksums == false }) {
      notes.add(
        .warning, code: "no-checksums",
        message: "the file was saved without checksums, so damage to its weights does not show")
    }
    if parts.contains(where: \.isTorchScript) {
      notes.add(
        .note, code: "torchscript",
        message: "this is a TorchScript archive: its tensors are read, its code is passed over")
    }
    if parts.contains(where: \.isExported) {
      notes.add(
        .note, code: "torch-export",
        message:
          "this is a program of torch.export: its weights are read, its graph is passed over")
    }
    let types = parts.flatMap(\.entries).compactMap { entry -> ElementType? in
      guard case .quantized(_, .blocks(_, _, _, let type)) = entry.tensor else { return nil }
      return type
    }
    if !types.isEmpty {
      let names = Set(types.map(\.name)).sorted().joined(separator: " and ")
      notes.add(
        .note, code: "dequantized",
        message: "\(types.count) matrices were quantised by torchao; they are read as the \(names) "
          + "numbers that its dequantize gives")
    }
    var unreadable: [String: [String]] = [:]
    for entry in parts.flatMap(\.entries) {
      if case .unreadable(_, let reason) = entry.tensor {
        unreadable[reason, default: []].append(entry.name)
      }
    }
    for (reason, names) in unreadable.sorted(by: { $0.key < $1.key }) {
      notes.add(
        .warning, code: "unreadable-tensor",
        message: "cannot be read, being \(reason): \(names.counted())",
        remedy: reason.hasPrefix(TorchPickle.quantised) ? Quantization.remedy : "",
        tensor: names[0])
    }
    return notes
  }

  /// That a pickle wants functions and classes that no tensor needs, which loading it with `loader`
  /// would run.
  static func notes(onExtras extras: [String], loader: String = "pickle.load") -> [ArchiveNote] {
    guard !extras.isEmpty else { return [] }
    return [
      ArchiveNote(
        .warning, code: "pickle-extra",
        message: """
          the pickle wants more than tensors, \(extras.counted()): nothing of it was run, but do not \
          load this file with \(loader) unless you trust its author
          """)
    ]
  }
}
