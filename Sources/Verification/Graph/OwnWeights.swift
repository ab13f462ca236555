internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertReading
internal import AlbertTensors

/// The numbers that a graph itself computes with, layer by layer.
///
/// A quantiser may leave some layers' copies of a shared matrix alone, or quantise copies apart; of these a
/// model's parameters are only one.
struct OwnWeights: ParameterStore {
  private(set) var config: AlbertConfig
  private(set) var contents: ModelContents
  private let base: any ParameterStore
  private var copies: [Parameter: Copy] = [:]

  private struct Copy: Sendable {
    let type: ElementType
    let bytes: [UInt8]
    /// The unit roundoff of a type whose rounding would make it of the shared parameter.
    let roundoff: Double
  }

  /// The largest unit roundoff that lies between a layer's own copy and the shared parameter; nil where no
  /// copy differs.
  var roundoff: Double? { copies.values.map(\.roundoff).max() }

  /// The config by which layers share; nil where they do here.
  var sharing: AlbertConfig? {
    config.numHiddenGroups == base.config.numHiddenGroups && config.layerMap == base.config.layerMap
      ? nil : base.config
  }

  /// The weights of a graph.
  ///
  /// Throws where a copy cannot be read.
  init(_ subject: LoadedModel, _ fold: GraphFold) throws(FileError) {
    base = subject.model
    config = base.config
    contents = base.contents
    try readCopies(subject.inspection.archive, fold)
    if copies.keys.contains(where: { $0.role == .mlmDecoderWeight }) {
      contents.untiedDecoder = true
    }
    if copies.keys.contains(where: \.role.isPerBlock) {
      config = config.withoutSharing
    }
  }

  /// The same weights in what a model of `reference` computes.
  func computing(as reference: AlbertConfig) -> OwnWeights {
    var result = self
    result.config.hiddenAct = reference.hiddenAct
    result.config.layerNormEps = reference.layerNormEps
    result.config.mlmLayerNormEps = reference.mlmLayerNormEps
    return result
  }

  /// The numbers of what single layers take in the place of shared parameters.
  func strays(_ subject: LoadedModel, _ fold: GraphFold) throws(FileError) -> [Parameter: [Double]]
  {
    var result: [Parameter: [Double]] = [:]
    try read(fold.strays, subject.inspection.archive) { parameter, type, bytes in
      result[parameter] = unsafe bytes.span.bytes.doubles(of: type)
    }
    return result
  }

  /// Hands over the canonical bytes of tensors that are parameters of single layers.
  private func read(
    _ places: [Parameter: (tensor: String, layout: Layout)], _ archive: any TensorArchive,
    _ body: (Parameter, ElementType, [UInt8]) -> Void
  ) throws(FileError) {
    let tensors = archive.tensors.byName
    let shapes = Dictionary(
      firstOfEach: ParameterSpec.all(base.config, base.contents).map { ($0.parameter, $0.shape) })
    for (parameter, place) in places {
      guard let tensor = tensors[place.tensor], let shape = shapes[shared(parameter)],
        tensor.byteCount == shape.count * tensor.type.size
      else { continue }
      let bytes = place.layout.toCanonical(
        try archive.bytes(of: tensor), canonical: shape, elementSize: tensor.type.size)
      body(parameter, tensor.type, bytes)
    }
  }

  private mutating func readCopies(
    _ archive: any TensorArchive, _ fold: GraphFold
  ) throws(FileError) {
    var found: [Parameter: Copy] = [:]
    try read(fold.copies, archive) { parameter, type, bytes in
      let shared = shared(parameter)
      // Most copies repeat the parameter, and need no room of their own.
      let isSame =
        base.elementType(of: shared) == type
        && base.withBytes(of: shared) {
          unsafe $0.withUnsafeBytes { unsafe $0.elementsEqual(bytes) }
        }
      if !isSame {
        found[parameter] = Copy(
          type: type, bytes: bytes,
          roundoff: roundoff(unsafe bytes.span.bytes.doubles(of: type) ?? [], shared))
      }
    }
    copies = found
  }

  /// √3 times the size of the differences over that of the numbers: errors of rounding are spread evenly.
  private func roundoff(_ copy: [Double], _ shared: Parameter) -> Double {
    let sums = zip(copy, base.values(of: shared)).reduce(into: (error: 0.0, size: 0.0)) {
      sums, pair in
      sums.error += (pair.0 - pair.1) * (pair.0 - pair.1)
      sums.size += pair.1 * pair.1
    }
    return sums.size > 0 ? (3 * sums.error / sums.size).squareRoot() : 0
  }

  /// The model's parameter that a layer's own one is a copy of.
  private func shared(_ parameter: Parameter) -> Parameter {
    if parameter.role == .mlmDecoderWeight, !base.contents.untiedDecoder {
      return Parameter(.wordEmbeddings)
    }
    guard parameter.role.isPerBlock else { return parameter }
    return Parameter(
      parameter.role, group: base.config.layerMap.groups[parameter.group], inner: parameter.inner)
  }

  func elementType(of parameter: Parameter) -> ElementType {
    copies[parameter]?.type ?? base.elementType(of: source(of: parameter))
  }

  func withBytes<R>(of parameter: Parameter, _ body: (RawSpan) -> R) -> R {
    if let copy = copies[parameter] { return unsafe body(copy.bytes.span.bytes) }
    return base.withBytes(of: source(of: parameter), body)
  }

  /// Where the model has what no copy stands for: its groups are layers here, if any layer has its own.
  private func source(of parameter: Parameter) -> Parameter {
    sharing == nil ? parameter : shared(parameter)
  }
}
