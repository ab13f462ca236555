internal import AlbertBytes
internal import AlbertTensors

extension AdapterMerge {
  /// A's and B's tensors of a module; nil where LoRA does not change it.
  ///
  /// Throws where one of the two is missing.
  static func factors(
    _ held: [AdapterPart.Factor: TensorDescription], _ module: String, _ path: String
  ) throws(FileError) -> (a: TensorDescription, b: TensorDescription, isEmbedding: Bool)? {
    guard !held.isEmpty else { return nil }
    let isEmbedding = held[.embeddingA] != nil || held[.embeddingB] != nil
    guard let a = held[isEmbedding ? .embeddingA : .a], let b = held[isEmbedding ? .embeddingB : .b]
    else {
      throw FileError(
        path, .missing("one of the two matrices that the adapter multiplies"), tensor: module,
        remedy: "copy the adapter's files again")
    }
    return (a, b, isEmbedding)
  }

  /// The matrix that comes of `base`.
  ///
  /// Throws where the shapes do not fit each other.
  static func matrix(
    _ base: TensorDescription,
    _ factors: (a: TensorDescription, b: TensorDescription, isEmbedding: Bool),
    magnitude: TensorDescription?, scale: Float, isJoined: Bool, path: String
  ) throws(FileError) -> LoRATensor {
    let (a, b) = (factors.a, factors.b)
    func wrong(_ expected: String) -> FileError {
      FileError(
        path,
        .mismatch(
          of: "the adapter's matrices", expected: expected, found: "\(b.shape) and \(a.shape)"),
        tensor: base.name, remedy: "check that the adapter was made for this model")
    }
    guard a.type.isFloatingPoint, b.type.isFloatingPoint, base.type.isFloatingPoint,
      a.shape.rank == 2, b.shape.rank == 2, base.shape.rank == 2,
      a.shape.dimensions[0] == b.shape.dimensions[1], a.shape.dimensions[0] > 0
    else { throw wrong("two whose product is a matrix of numbers") }
    let product = [b.shape.dimensions[0], a.shape.dimensions[1]]
    // Tables lie with their inputs first, and so do the kernels of other libraries than PyTorch; of a
    // square one PyTorch's layer is taken, for which peft ignores `fan_in_fan_out`.
    let isTransposed = factors.isEmbedding || base.shape.dimensions != product
    guard base.shape.dimensions == (isTransposed ? product.reversed() : product) else {
      throw wrong("two whose product is \(base.shape)")
    }
    if let magnitude {
      guard !isTransposed, magnitude.type.isFloatingPoint, base.type != .float64,
        magnitude.shape.count == base.shape.dimensions[0]
      else {
        throw FileError(
          path, .unsupported("DoRA for a matrix \(base.shape) that lies with its inputs first"),
          tensor: base.name, remedy: AdapterConfig.remedy)
      }
    }
    // peft widens an adapter that it loads, not one that a model held when it was saved.
    var rounding: ElementType? = isJoined || a.type.size > 2 ? nil : a.type
    if factors.isEmbedding, base.type.size == 2 { rounding = base.type }
    var parts = [base.name, a.name, b.name]
    if let magnitude { parts.append(magnitude.name) }
    return LoRATensor(
      tensor: base, parts: parts, base: base, factors: (a, b), scale: scale,
      isTransposed: isTransposed, rounding: rounding, magnitude: magnitude)
  }

  /// The bias that comes of `base`.
  static func bias(
    _ base: TensorDescription?, _ added: TensorDescription, _ scale: Float, _ name: String,
    _ path: String
  ) throws(FileError) -> LoRABias {
    guard let base, base.shape == added.shape, base.type.isFloatingPoint,
      added.type.isFloatingPoint
    else {
      throw FileError(
        path, .missing("a bias of the model that the adapter's bias fits"), tensor: name,
        remedy: "check that the adapter was made for this model")
    }
    return LoRABias(
      tensor: TensorDescription(name: name + ".bias", type: base.type, shape: base.shape),
      parts: [base.name, added.name], base: base, added: added, scale: scale)
  }
}

extension LoRATensor {
  /// The same under another name, in the place of the tensor that was called `old`.
  func placed(at name: String, _ old: String?) -> LoRATensor {
    LoRATensor(
      tensor: TensorDescription(name: name, type: base.type, shape: base.shape),
      parts: parts + (old.map { [$0] } ?? []), base: base, factors: factors, scale: scale,
      isTransposed: isTransposed, rounding: rounding, magnitude: magnitude)
  }
}
