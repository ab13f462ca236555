internal import AlbertArchitecture
internal import AlbertTensors

/// Every parameter as Float32 at a fixed address: in the store's own memory where it lies there as
/// Float32, otherwise in a copy that is made once.
@safe final class FastWeights: @unchecked Sendable {
  // Unchecked: nothing changes after the initializer, and the store's bytes never do.

  /// Keeps the memory that `addresses` points to.
  private let store: any ParameterStore
  private var copies: [AlignedFloats] = []
  private var addresses: [Parameter: UnsafePointer<Float>] = unsafe [:]

  /// The weights of each group's inner layers: blocks[group][inner].
  private(set) var blocks: [[BlockWeights]] = []

  init(_ store: any ParameterStore) {
    self.store = store
    let config = store.config
    for spec in ParameterSpec.all(config, store.contents) {
      let role = spec.parameter.role
      // An identity stands for no projection at all.
      if role.component == .projection && config.embeddingProjectionIsIdentity { continue }
      // Query, key and value are one product: their weights side by side, and their biases.
      switch role {
      case .queryWeight: place(spec.parameter, .queryWeight, .keyWeight, .valueWeight)
      case .queryBias: place(spec.parameter, .queryBias, .keyBias, .valueBias)
      case .keyWeight, .valueWeight, .keyBias, .valueBias: break
      default: place([spec.parameter])
      }
    }
    blocks = (0..<config.numHiddenGroups).map { group in
      (0..<config.innerGroupNum).map { inner in
        unsafe BlockWeights { unsafe address(of: Parameter($0, group: group, inner: inner)) }
      }
    }
  }

  /// The address of a parameter outside the encoder.
  subscript(role: ParameterRole) -> UnsafePointer<Float> { unsafe address(of: Parameter(role)) }

  /// The address of a parameter that the model has.
  func address(of parameter: Parameter) -> UnsafePointer<Float> {
    guard let address = unsafe addresses[parameter] else {
      preconditionFailure("the model has no parameter '\(parameter)'")
    }
    return unsafe address
  }

  private func place(_ first: Parameter, _ roles: ParameterRole...) {
    place(roles.map { Parameter($0, group: first.group, inner: first.inner) })
  }

  /// Finds an address from which the parameters follow one another.
  private func place(_ parameters: [Parameter]) {
    let counts = parameters.map { $0.role.shape(in: store.config).count }
    var address = unsafe inPlace(parameters, counts) ?? UnsafePointer(copy(parameters, counts))
    for (parameter, count) in zip(parameters, counts) {
      unsafe addresses[parameter] = address
      unsafe address += count
    }
  }

  private func inPlace(_ parameters: [Parameter], _ counts: [Int]) -> UnsafePointer<Float>? {
    var first: UnsafeRawPointer?
    var end: UnsafeRawPointer?
    for (parameter, count) in zip(parameters, counts) {
      guard store.elementType(of: parameter) == .float32,
        let bytes = unsafe store.stableBytes(of: parameter),
        let base = bytes.baseAddress,
        bytes.count == count * MemoryLayout<Float>.stride,
        Int(bitPattern: base) % MemoryLayout<Float>.alignment == 0,
        unsafe end == nil || end == base
      else { return nil }
      unsafe first = first ?? base
      unsafe end = base + bytes.count
    }
    return unsafe first?.assumingMemoryBound(to: Float.self)
  }

  private func copy(_ parameters: [Parameter], _ counts: [Int]) -> UnsafeMutablePointer<Float> {
    let copy = AlignedFloats(count: counts.reduce(0, +))
    copies.append(copy)
    var target = unsafe copy.base
    for (parameter, count) in zip(parameters, counts) {
      let type = store.elementType(of: parameter)
      store.withBytes(of: parameter) { bytes in
        precondition(bytes.byteCount == count * type.size, "the store's bytes fit the shape")
        unsafe widen(bytes, type, into: target)
      }
      unsafe target += count
    }
    return unsafe copy.base
  }
}

/// Elements of any floating-point type as Float32.
private func widen(_ bytes: RawSpan, _ type: ElementType, into target: UnsafeMutablePointer<Float>)
{
  let count = bytes.byteCount / type.size
  switch type {
  case .float32:
    for index in 0..<count { unsafe target[index] = Float(bitPattern: bytes.element(index)) }
  case .float16:
    for index in 0..<count {
      unsafe target[index] = Float(Float16(bitPattern: bytes.element(index)))
    }
  case .bfloat16:
    for index in 0..<count {
      unsafe target[index] = BFloat16(bitPattern: bytes.element(index)).float
    }
  case .float64:
    for index in 0..<count {
      unsafe target[index] = Float(Double(bitPattern: bytes.element(index)))
    }
  default: preconditionFailure("parameters are floating-point numbers")
  }
}

/// The weight and bias of a linear layer.
@safe struct LinearWeights {
  let weight: UnsafePointer<Float>
  let bias: UnsafePointer<Float>
}

/// The weight and bias of a LayerNorm.
@safe struct NormWeights {
  let weight: UnsafePointer<Float>
  let bias: UnsafePointer<Float>
}

/// The weights of one inner layer of one group.
@safe struct BlockWeights {
  /// Query, key and value as one layer of 3 H outputs.
  let queryKeyValue: LinearWeights
  let attentionOutput: LinearWeights
  let attentionNorm: NormWeights
  let ffn: LinearWeights
  let ffnOutput: LinearWeights
  let fullNorm: NormWeights

  init(_ address: (ParameterRole) -> UnsafePointer<Float>) {
    unsafe queryKeyValue = LinearWeights(weight: address(.queryWeight), bias: address(.queryBias))
    unsafe attentionOutput = LinearWeights(
      weight: address(.attentionOutputWeight), bias: address(.attentionOutputBias))
    unsafe attentionNorm = NormWeights(
      weight: address(.attentionLayerNormWeight), bias: address(.attentionLayerNormBias))
    unsafe ffn = LinearWeights(weight: address(.ffnWeight), bias: address(.ffnBias))
    unsafe ffnOutput = LinearWeights(
      weight: address(.ffnOutputWeight), bias: address(.ffnOutputBias))
    unsafe fullNorm = NormWeights(
      weight: address(.fullLayerNormWeight), bias: address(.fullLayerNormBias))
  }
}
