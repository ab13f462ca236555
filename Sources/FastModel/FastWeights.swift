internal import AlbertArchitecture
internal import AlbertTensors

/// Every parameter as Float32: matrices as their products want them, the others at a fixed address, in the
/// store's own memory where they lie there as Float32, otherwise in a copy that is made once.
@safe final class FastWeights: @unchecked Sendable {
  // Unchecked: nothing changes after the initializer, and the store's bytes never do.

  /// Keeps the memory that `addresses` points to.
  private let store: any ParameterStore
  let products: Products
  private var copies: [AlignedFloats] = []
  private var addresses: [Parameter: UnsafePointer<Float>] = unsafe [:]
  private var matrices: [Parameter: PackedMatrix] = [:]
  private let keepsPanels: Bool

  /// The weights of each group's inner layers: blocks[group][inner].
  private(set) var blocks: [[BlockWeights]] = []

  /// Finds where every parameter is; panels of more than `maxPanels` bytes in all are not kept.
  init(_ store: any ParameterStore, _ products: Products, maxPanels: Int? = nil) {
    self.store = store
    self.products = products
    let config = store.config
    keepsPanels =
      Self.panels(of: store) <= maxPanels ?? max(Self.smallPanels, Self.size(of: store))
    for spec in ParameterSpec.all(config, store.contents) {
      let role = spec.parameter.role
      // An identity stands for no projection at all.
      if role.component == .projection && config.embeddingProjectionIsIdentity { continue }
      // Query, key and value are one product: their weights side by side, and their biases.
      switch role {
      case .queryWeight: placeMatrix(spec.parameter, .queryWeight, .keyWeight, .valueWeight)
      case .queryBias: place(spec.parameter, .queryBias, .keyBias, .valueBias)
      case .keyWeight, .valueWeight, .keyBias, .valueBias: break
      // Rows are read from it; where it is the decoder too, the panels come beside it.
      case .wordEmbeddings:
        place([spec.parameter])
        if store.contents.mlm && !store.contents.untiedDecoder { placeMatrix(spec.parameter, role) }
      case .positionEmbeddings, .tokenTypeEmbeddings: place([spec.parameter])
      default:
        if spec.shape.rank == 2 {
          placeMatrix(spec.parameter, role)
        } else {
          place([spec.parameter])
        }
      }
    }
    blocks = (0..<config.numHiddenGroups).map { group in
      (0..<config.innerGroupNum).map { inner in block(group, inner) }
    }
  }

  /// The floats of all panels, once every matrix was used.
  var packedCount: Int { matrices.values.filter(\.isKept).map(\.packedCount).reduce(0, +) }

  /// The address of a parameter outside the encoder.
  subscript(role: ParameterRole) -> UnsafePointer<Float> { unsafe address(of: Parameter(role)) }

  /// The address of a parameter that the model has and that no product packs.
  func address(of parameter: Parameter) -> UnsafePointer<Float> {
    guard let address = unsafe addresses[parameter] else {
      preconditionFailure("the model has no parameter '\(parameter)'")
    }
    return unsafe address
  }

  /// A linear layer outside the encoder.
  func layer(_ weight: ParameterRole, _ bias: ParameterRole) -> LinearLayer {
    layer(Parameter(weight), Parameter(bias))
  }

  private func layer(_ weight: Parameter, _ bias: Parameter) -> LinearLayer {
    let matrix: LayerMatrix =
      switch products {
      case .kernels(let kernels):
        .packed(matrices[weight] ?? PackedMatrix([weight], store, kernels))
      case .library(let blas): unsafe .inPlace(address(of: weight), blas)
      }
    return unsafe LinearLayer(matrix: matrix, bias: address(of: bias))
  }

  private func block(_ group: Int, _ inner: Int) -> BlockWeights {
    func parameter(_ role: ParameterRole) -> Parameter {
      Parameter(role, group: group, inner: inner)
    }
    func layer(_ weight: ParameterRole, _ bias: ParameterRole) -> LinearLayer {
      self.layer(parameter(weight), parameter(bias))
    }
    func norm(_ weight: ParameterRole, _ bias: ParameterRole) -> NormWeights {
      unsafe NormWeights(
        weight: address(of: parameter(weight)), bias: address(of: parameter(bias)))
    }
    return BlockWeights(
      queryKeyValue: layer(.queryWeight, .queryBias),
      attentionOutput: layer(.attentionOutputWeight, .attentionOutputBias),
      attentionNorm: norm(.attentionLayerNormWeight, .attentionLayerNormBias),
      ffn: layer(.ffnWeight, .ffnBias), ffnOutput: layer(.ffnOutputWeight, .ffnOutputBias),
      fullNorm: norm(.fullLayerNormWeight, .fullLayerNormBias))
  }

  /// Finds what a product works with: panels, or an address.
  private func placeMatrix(_ first: Parameter, _ roles: ParameterRole...) {
    let parameters = roles.map { Parameter($0, group: first.group, inner: first.inner) }
    switch products {
    case .kernels(let kernels):
      matrices[first] = PackedMatrix(parameters, store, kernels, isKept: keepsPanels)
    case .library: if unsafe addresses[first] == nil { place(parameters) }
    }
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
    unsafe widen(parameters, of: store, into: copy.base)
    return unsafe copy.base
  }
}

/// Parameters of any floating-point type as Float32, one after the other.
func widen(
  _ parameters: [Parameter], of store: any ParameterStore, into target: UnsafeMutablePointer<Float>
) {
  var target = unsafe target
  for parameter in parameters {
    let count = parameter.role.shape(in: store.config).count
    let type = store.elementType(of: parameter)
    store.withBytes(of: parameter) { bytes in
      precondition(bytes.byteCount == count * type.size, "the store's bytes fit the shape")
      unsafe widen(bytes, type, into: target)
    }
    unsafe target += count
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
