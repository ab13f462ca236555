internal import Albert
internal import Tensors

/// A subject as a hypothesis has it: the same model with some of it otherwise.
///
/// Parameters that stay as they are stay where they are.
struct Trial: ParameterStore {
  let base: any ParameterStore
  var config: AlbertConfig
  var contents: ModelContents
  /// The activation of the masked-LM head, where it is another one than the encoder's.
  var mlmActivation: Activation?
  /// How the inputs are read.
  var reading = InputReading()
  /// The parts of the model that matter while a hypothesis about all of it is tried; nil for all.
  var tried: Set<Place>?
  private var sources: [Parameter: Source] = [:]
  private let places: ParameterPlaces

  /// The subject as it is.
  init(_ base: any ParameterStore) {
    self.base = base
    places = ParameterPlaces(base)
    config = base.config
    contents = base.contents
  }

  /// Where a parameter's numbers come from.
  private enum Source: Sendable {
    /// A parameter of the subject.
    case own(Parameter)
    /// Bytes of a type, as the hypothesis has them.
    case moved([UInt8], ElementType)
    /// Numbers, as the hypothesis has them.
    case computed([Double])
  }

  private func source(of parameter: Parameter) -> Source { sources[parameter] ?? .own(parameter) }

  func elementType(of parameter: Parameter) -> ElementType {
    switch source(of: parameter) {
    case .own(let parameter): places.types[parameter] ?? base.elementType(of: parameter)
    case .moved(_, let type): type
    case .computed: .float64
    }
  }

  func withBytes<R>(of parameter: Parameter, _ body: (RawSpan) -> R) -> R {
    switch source(of: parameter) {
    case .own(let parameter): base.withBytes(of: parameter, body)
    case .moved(let bytes, _): unsafe body(bytes.span.bytes)
    case .computed(let values): unsafe body(values.span.bytes)
    }
  }

  func stableBytes(of parameter: Parameter) -> UnsafeRawBufferPointer? {
    guard case .own(let parameter) = source(of: parameter) else { return nil }
    return unsafe places.address(of: parameter)
  }
}

/// What a store says of its parameters, asked once for the hundreds of trials over it.
@safe private final class ParameterPlaces: @unchecked Sendable {
  // Unchecked: nothing changes after the initializer.

  /// The element type of each parameter.
  let types: [Parameter: ElementType]
  private let addresses: [Parameter: UnsafeRawBufferPointer]

  init(_ store: any ParameterStore) {
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

  /// Where a parameter's bytes lie for good; nil where they may move.
  func address(of parameter: Parameter) -> UnsafeRawBufferPointer? {
    unsafe addresses[parameter]
  }
}

extension Trial {
  /// All numbers of a parameter.
  func values(of parameter: Parameter) -> [Double] {
    withBytes(of: parameter) { $0.doubles(of: elementType(of: parameter)) ?? [] }
  }

  /// Replaces a parameter's numbers.
  mutating func set(_ parameter: Parameter, _ values: [Double]) {
    sources[parameter] = .computed(values)
  }

  /// Changes each of a parameter's numbers.
  mutating func map(_ parameter: Parameter, _ change: (Double) -> Double) {
    set(parameter, values(of: parameter).map(change))
  }

  /// Sets a parameter to zeros.
  mutating func clear(_ parameter: Parameter) {
    let count = parameter.role.shape(in: config).count
    sources[parameter] = .moved([UInt8](repeating: 0, count: 4 * count), .float32)
  }

  /// Exchanges two parameters of one shape.
  mutating func swap(_ first: Parameter, _ second: Parameter) {
    let (one, two) = (source(of: first), source(of: second))
    sources[first] = two
    sources[second] = one
  }

  /// Has a parameter hold what another one does.
  mutating func alias(_ parameter: Parameter, to other: Parameter) {
    sources[parameter] = source(of: other)
  }

  /// Turns a square matrix.
  mutating func transpose(_ parameter: Parameter) {
    let d = parameter.role.shape(in: config).dimensions
    move(parameter) { Tensors.transpose($0, rows: d[0], columns: d[1], elementSize: $1) }
  }

  /// Orders the rows of a matrix, or the elements of a vector, anew: row i comes from `order[i]`.
  mutating func permuteRows(_ parameter: Parameter, _ order: [Int]) {
    move(parameter) { bytes, _ in
      let size = bytes.count / max(1, order.count)
      var result: [UInt8] = []
      result.reserveCapacity(bytes.count)
      for row in order { result += bytes[row * size..<(row + 1) * size] }
      return result
    }
  }

  /// Orders the columns of a matrix anew: column i comes from `order[i]`.
  mutating func permuteColumns(_ parameter: Parameter, _ order: [Int]) {
    let rows = parameter.role.shape(in: config).dimensions[0]
    move(parameter) { bytes, size in
      let turned = Tensors.transpose(bytes, rows: rows, columns: order.count, elementSize: size)
      let width = rows * size
      var moved: [UInt8] = []
      moved.reserveCapacity(bytes.count)
      for column in order { moved += turned[column * width..<(column + 1) * width] }
      return Tensors.transpose(moved, rows: order.count, columns: rows, elementSize: size)
    }
  }

  private mutating func move(_ parameter: Parameter, _ change: ([UInt8], Int) -> [UInt8]) {
    let type = elementType(of: parameter)
    let bytes = withBytes(of: parameter) { span in
      unsafe span.withUnsafeBytes { unsafe [UInt8]($0) }
    }
    sources[parameter] = .moved(change(bytes, type.size), type)
  }
}

/// How inputs are read: as they are, or as a runtime with a defect does.
struct InputReading: Equatable {
  /// Every token counts, padding too.
  var ignoresMask = false
  /// Every token is of segment 0.
  var ignoresSegments = false
  /// What is added to every id, around the vocabulary's end.
  var idOffset = 0

  /// The inputs as they are read.
  func callAsFunction(_ inputs: ModelInputs, vocabulary: Int) throws(InputProblem) -> ModelInputs {
    if self == InputReading() { return inputs }
    return try ModelInputs(
      inputIDs: inputs.inputIDs.map {
        (($0 + idOffset) % vocabulary + vocabulary) % vocabulary
      },
      shape: inputs.shape, attentionMask: ignoresMask ? nil : inputs.attentionMask,
      tokenTypeIDs: ignoresSegments ? nil : inputs.tokenTypeIDs)
  }
}
