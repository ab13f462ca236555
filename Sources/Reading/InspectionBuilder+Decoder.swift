internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors
internal import AlbertUpstreams

extension InspectionBuilder {
  /// Decides whether the masked-LM head decodes with a matrix of its own or with the word embeddings,
  /// and tells where the file leaves a doubt.
  ///
  /// A matrix that is stored beside the word embeddings is compared with them, the one thing for which
  /// contents are read.
  func decideDecoder() throws(FileError) {
    let ownDecoder = Parameter(.mlmDecoderWeight)
    let isThere = assignments.contains { $0.parameter?.role.component == .mlmHead }
    guard isThere else {
      if options.decoder == .untied { reject("the file holds no masked-LM head") }
      return
    }
    if candidate.isStated {
      // Operators show what decodes.
      let isUntied = stored[ownDecoder] != nil
      if let asked = options.decoder, (asked == .untied) != isUntied {
        reject(isUntied ? "the graph has a decoder of its own" : "the graph has none of its own")
      }
      return
    }
    guard let index = assignments.firstIndex(where: { $0.parameter == ownDecoder }),
      let layout = assignments[index].layout
    else { return checkAbsentDecoder() }
    let tensor = assignments[index].tensor
    let differs = try differsFromWords(tensor, layout)
    let isByCode =
      options.decoder == nil && partial.tieWordEmbeddings == nil && differs
      && !partial.refused.contains("tie_word_embeddings") && candidate.upstream.decodesWithStored
    let isUntied =
      options.decoder.map { $0 == .untied } ?? (partial.tieWordEmbeddings == false || isByCode)
    decoder = StoredDecoder(tensor: tensor, layout: layout, differs: differs, isUsed: isUntied)
    if isUntied {
      assignments[index] = TensorAssignment(tensor: tensor, purpose: .parameter(ownDecoder, layout))
      stored[ownDecoder] = (tensor, layout)
    }
    guard differs else { return }
    switch options.decoder {
    case .tied:
      findings.add(
        .note, code: "decoder-left-out",
        "'\(tensor.name)' differs from the word embeddings and is left out, as was stated",
        tensor: tensor.name)
    case nil where !isUntied:
      let config =
        partial.tieWordEmbeddings != nil
        ? "the config says tie_word_embeddings true"
        : partial.refused.contains("tie_word_embeddings")
          ? "what the config says of it is not known" : "no config says otherwise"
      findings.add(
        .warning, code: "decoder-differs",
        "'\(tensor.name)' differs from the word embeddings, and \(config): " + readings,
        remedy: "state one with \(.tied) or \(.untied)", tensor: tensor.name)
    case nil where isByCode:
      findings.add(
        .note, code: "decoder-own",
        "'\(tensor.name)' differs from the word embeddings and was taken: no config ties the two, and "
          + "\(candidate.upstream.title) decodes with what is stored",
        tensor: tensor.name)
    case nil, .untied: break
    }
  }

  /// What the code that reads such files makes of a decoder that the config ties.
  private var readings: String {
    candidate.upstream.dialect == nil
      ? "the word embeddings were taken, and other code may decode with the stored matrix"
      : "transformers 4 decodes with the word embeddings, which was taken; transformers 5 decodes with "
        + "the stored matrix"
  }

  /// Tells of a decoder that is asked for and not there.
  private func checkAbsentDecoder() {
    if options.decoder == .untied {
      reject("the file holds no decoder's weight")
    } else if options.decoder == nil, partial.tieWordEmbeddings == false {
      findings.add(
        .warning, code: "decoder-missing",
        "the config says tie_word_embeddings false, and the file holds no decoder's weight: the word "
          + "embeddings were taken, where transformers' PyTorch classes would begin with random "
          + "numbers",
        remedy: "check that the file is complete, or state \(.tied)")
    }
  }

  private func reject(_ reason: String) {
    findings.append(.decoderMismatch(options.decoder, reason))
  }

  /// Whether a stored decoder holds other numbers than the word embeddings.
  private func differsFromWords(
    _ tensor: TensorDescription, _ layout: Layout
  ) throws(FileError) -> Bool {
    guard let (words, wordsLayout) = stored[Parameter(.wordEmbeddings)],
      words.type.isFloatingPoint, tensor.type.isFloatingPoint, words.shape.rank == 2,
      tensor.shape.rank == 2,
      (layout.transposes ? tensor.shape.reversed : tensor.shape)
        == (wordsLayout.transposes ? words.shape.reversed : words.shape)
    else { return false }  // A wrong shape or type is reported with the others.
    let identities = archive.storageIdentities
    if let identity = identities[tensor.name], identity == identities[words.name] { return false }
    if layout.transposes == wordsLayout.transposes, tensor.type == words.type {
      return try digest(tensor) != digest(words)
    }
    let mine = try numbers(tensor, layout)
    let theirs = try numbers(words, wordsLayout)
    return mine == nil || mine != theirs
  }

  private func digest(_ tensor: TensorDescription) throws(FileError) -> XXH3Digest {
    var hasher = XXH3Hasher()
    try archive.read(tensor.name) { (window) throws(FileError) in hasher.update(window) }
    return hasher.digest()
  }

  /// The numbers in the canonical layout; nil for bytes that are not numbers.
  private func numbers(
    _ tensor: TensorDescription, _ layout: Layout
  ) throws(FileError) -> [Double]? {
    let bytes = try archive.bytes(of: tensor)
    guard bytes.count == tensor.byteCount, tensor.type.isFloatingPoint else { return nil }
    let shape = layout.transposes ? tensor.shape.reversed : tensor.shape
    let canonical = layout.toCanonical(bytes, canonical: shape, elementSize: tensor.type.size)
    return unsafe canonical.span.bytes.doubles(of: tensor.type)
  }
}

extension Finding {
  /// The error for a stated reading of the decoder that the file does not allow.
  static func decoderMismatch(_ decoder: DecoderReading?, _ reason: String) -> Finding {
    Finding(
      .error, code: "decoder-mismatch",
      "the decoder is stated to be \(decoder?.rawValue ?? ""), but \(reason)",
      remedy: "leave out --\(decoder?.rawValue ?? "")")
  }
}
