package import AlbertArchitecture
package import AlbertTensors

/// A model with edits: the same model with some of it otherwise.
///
/// Parameters that stay as they are stay where they are.
package struct EditedModel: ParameterStore {
  /// What the model computes.
  package internal(set) var config: AlbertConfig
  /// Which parts it has.
  package private(set) var contents: ModelContents
  /// The activation of the masked-LM head, which a config has only one with the encoder's for.
  var headActivation: Activation
  /// How the inputs are read.
  var reading = InputReading()
  /// The precision of a runtime's products.
  var products = ProductPrecision.full
  /// What a runtime does where there is padding.
  var masking = Masking.hiding
  private let origin: Origin
  private var sources: [Parameter: Source] = [:]

  /// A model as it is, or its numbers under another config.
  ///
  /// Blocks that only the config has come from `filling`.
  package init(
    _ base: any ParameterStore, config: AlbertConfig? = nil,
    filling: (any ParameterStore)? = nil
  ) {
    origin = Origin(base, filling: filling)
    self.config = config ?? base.config
    headActivation = self.config.hiddenAct
    contents = base.contents
  }

  /// Where a parameter's numbers come from.
  private enum Source: Sendable {
    /// A parameter of the model itself.
    case own(Parameter)
    /// Bytes of a type.
    case bytes([UInt8], ElementType)
    case singles([Float])
    case doubles([Double])
  }

  private func source(of parameter: Parameter) -> Source { sources[parameter] ?? .own(parameter) }

  /// The same numbers in layers that share none; nil where none are shared.
  var withoutSharing: EditedModel? {
    let layered = config.withoutSharing
    guard layered.numHiddenGroups != config.numHiddenGroups else { return nil }
    var result = self
    result.config = layered
    for block in result.config.blocks {
      for role in ParameterRole.allCases where role.isPerBlock {
        let shared = Parameter(
          role, group: config.layerMap.groups[block.group], inner: block.inner)
        result.sources[Parameter(role, in: block)] = source(of: shared)
      }
    }
    return result
  }

  /// Whether every block that the config wants is there.
  var hasAllBlocks: Bool {
    let owners = [origin.store, origin.filling].compactMap { $0?.config }
    return Set(config.layerMap.groups).allSatisfy { group in
      (0..<config.innerGroupNum).allSatisfy { inner in
        owners.contains { $0.numHiddenGroups > group && $0.innerGroupNum > inner }
      }
    }
  }

  /// The element type of a parameter of the edited model.
  package func elementType(of parameter: Parameter) -> ElementType {
    switch source(of: parameter) {
    case .own(let own): origin.types[own] ?? origin.owner(of: own).elementType(of: own)
    case .bytes(_, let type): type
    case .singles: .float32
    case .doubles: .float64
    }
  }

  /// Hands over a parameter's bytes.
  package func withBytes<R>(of parameter: Parameter, _ body: (RawSpan) -> R) -> R {
    switch source(of: parameter) {
    case .own(let own): origin.owner(of: own).withBytes(of: own, body)
    case .bytes(let bytes, _): unsafe body(bytes.span.bytes)
    case .singles(let values): unsafe body(values.span.bytes)
    case .doubles(let values): unsafe body(values.span.bytes)
    }
  }

  /// Where the bytes of a parameter that no edit changed lie.
  package func stableBytes(of parameter: Parameter) -> UnsafeRawBufferPointer? {
    guard case .own(let own) = source(of: parameter) else { return nil }
    return unsafe origin.address(of: own)
  }
}

extension EditedModel {
  /// The model with other numbers for a parameter.
  package func replacing(_ parameter: Parameter, with values: [Double]) -> EditedModel {
    applying([.replace(parameter, values)])
  }

  /// The model with edits more, of those that matter for some regions.
  func applying(
    _ edits: [Edit], within regions: Set<ModelRegion>? = nil
  ) -> EditedModel {
    var edited = self
    for edit in edits where edit.matters(within: regions) { edited.apply(edit) }
    return edited
  }

  mutating func apply(_ edit: Edit) {
    switch edit {
    case .exchange(let first, let second):
      (sources[first], sources[second]) = (source(of: second), source(of: first))
    case .reorder(let parameter, let order):
      let type = elementType(of: parameter)
      sources[parameter] = .bytes(
        order.apply(bytes(of: parameter), elementSize: type.size), type)
    case .change(let parameter, let change): sources[parameter] = changed(parameter, change)
    case .replace(let parameter, let values): sources[parameter] = .doubles(values)
    case .alias(let parameter, let other): sources[parameter] = source(of: other)
    case .configure(let setting): setting.apply(&self)
    }
  }

  private func bytes(of parameter: Parameter) -> [UInt8] {
    withBytes(of: parameter) { span in unsafe span.withUnsafeBytes { unsafe [UInt8]($0) } }
  }

  private func changed(_ parameter: Parameter, _ change: NumberChange) -> Source {
    let type = elementType(of: parameter)
    switch change {
    case .zeroed:
      let count = parameter.role.shape(in: config).count
      return .bytes([UInt8](repeating: 0, count: type.size * count), type)
    case .byteSwapped:
      return .bytes(withBytes(of: parameter) { $0.byteSwapped(unit: type.size) }, type)
    default:
      // A type that keeps the numbers is kept, so that an inverse restores the bytes.
      guard type == .float32, change.isExact else {
        return .doubles(values(of: parameter).map(change.apply))
      }
      let values = withBytes(of: parameter) { $0.floats(of: type) ?? [] }
      return .singles(values.map { Float(change.apply(Double($0))) })
    }
  }
}

extension EditedModel {
  /// The group of each layer, and so how many layers there are.
  var layerMap: LayerMap {
    get { config.layerMap }
    set {
      config.numHiddenLayers = newValue.groups.count
      config.layerMap = newValue
    }
  }

  /// Whether the decoder is a matrix of its own; it begins with the word embeddings' numbers.
  var hasOwnDecoder: Bool {
    get { contents.untiedDecoder }
    set {
      guard contents.mlm, newValue != contents.untiedDecoder else { return }
      contents.untiedDecoder = newValue
      sources[Parameter(.mlmDecoderWeight)] =
        newValue && !origin.store.contents.untiedDecoder
        ? source(of: Parameter(.wordEmbeddings)) : nil
    }
  }

  /// The masked-LM head alone, where it has an activation of its own.
  var head: EditedModel? {
    guard headActivation != config.hiddenAct else { return nil }
    var head = self
    head.config.hiddenAct = headActivation
    return head
  }
}

extension Edit {
  /// Whether it changes what some regions compute; nil for all.
  fileprivate func matters(within regions: Set<ModelRegion>?) -> Bool {
    guard let regions, !parameters.isEmpty else { return true }
    // Word embeddings are read, and may be decoded with.
    return parameters.contains {
      regions.contains(ModelRegion($0)) || ($0.role == .wordEmbeddings && regions.contains(.mlm))
    }
  }
}

/// The model that hundreds of edited ones are made of, with what it says of its parameters, asked once.
@safe private final class Origin: @unchecked Sendable {
  // Unchecked: nothing changes after the initializer.

  let store: any ParameterStore
  /// What has the blocks that the store lacks.
  let filling: (any ParameterStore)?
  let types: [Parameter: ElementType]
  private let addresses: [Parameter: UnsafeRawBufferPointer]

  init(_ store: any ParameterStore, filling: (any ParameterStore)?) {
    self.store = store
    self.filling = filling
    let parameters = ParameterSpec.all(store.config, store.contents).map(\.parameter)
    var types: [Parameter: ElementType] = [:]
    var addresses: [Parameter: UnsafeRawBufferPointer] = unsafe [:]
    for parameter in parameters {
      types[parameter] = store.elementType(of: parameter)
      unsafe addresses[parameter] = store.stableBytes(of: parameter)
    }
    self.types = types
    unsafe self.addresses = addresses
  }

  /// What has a parameter.
  func owner(of parameter: Parameter) -> any ParameterStore {
    guard let filling else { return store }
    return parameter.group < store.config.numHiddenGroups
      && parameter.inner < store.config.innerGroupNum ? store : filling
  }

  /// Where a parameter's bytes lie for good; nil where they may move.
  func address(of parameter: Parameter) -> UnsafeRawBufferPointer? {
    unsafe addresses[parameter]
  }
}
