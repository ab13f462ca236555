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
      config.numHiddenGroups = config.numHiddenLayers
      config.layerMap = LayerMap(groups: Array(0..<config.numHiddenLayers))
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

  private mutating func readCopies(
    _ archive: any TensorArchive, _ fold: GraphFold
  ) throws(FileError) {
    let tensors = Dictionary(
      archive.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let shapes = Dictionary(
      ParameterSpec.all(base.config, base.contents).map { ($0.parameter, $0.shape) },
      uniquingKeysWith: { first, _ in first })
    for (parameter, place) in fold.copies {
      let shared = shared(parameter)
      guard let tensor = tensors[place.tensor], let shape = shapes[shared],
        tensor.byteCount == shape.count * tensor.type.size
      else { continue }
      let bytes = place.layout.toCanonical(
        try archive.bytes(of: tensor), canonical: shape, elementSize: tensor.type.size)
      // Most copies repeat the parameter, and need no room of their own.
      let isSame =
        base.elementType(of: shared) == tensor.type
        && base.withBytes(of: shared) {
          unsafe $0.withUnsafeBytes { unsafe $0.elementsEqual(bytes) }
        }
      if !isSame {
        copies[parameter] = Copy(
          type: tensor.type, bytes: bytes,
          roundoff: roundoff(unsafe bytes.span.bytes.doubles(of: tensor.type) ?? [], shared))
      }
    }
  }

  /// √3 times the size of the differences over that of the numbers: errors of rounding are spread evenly.
  private func roundoff(_ copy: [Double], _ shared: Parameter) -> Double {
    let type = base.elementType(of: shared)
    let numbers = base.withBytes(of: shared) { $0.doubles(of: type) } ?? []
    let sums = zip(copy, numbers).reduce(into: (error: 0.0, size: 0.0)) { sums, pair in
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
    config.numHiddenGroups == base.config.numHiddenGroups
      && config.layerMap == base.config.layerMap ? parameter : shared(parameter)
  }
}
