internal import AlbertArchitecture
internal import AlbertConversion
internal import AlbertTensors

/// A model as far as an export of it goes that kept only some rows of the embeddings.
struct CutModel: ParameterStore {
  private let base: any ParameterStore
  private let cut: EmbeddingCut
  let config: AlbertConfig
  var contents: ModelContents { base.contents }

  /// `base` cut to what `cut` left; nil where it has no more itself.
  init?(_ base: any ParameterStore, _ cut: EmbeddingCut) {
    guard
      base.config.maxPositionEmbeddings > cut.positions
        || (cut.hasOneSegment && base.config.maxPositionEmbeddings == cut.positions)
    else { return nil }
    var config = base.config
    config.maxPositionEmbeddings = cut.positions
    if cut.hasOneSegment { config.typeVocabSize = 1 }
    (self.base, self.cut, self.config) = (base, cut, config)
  }

  /// Two models as far as both go.
  static func pair(
    _ subject: LoadedModel, _ reference: LoadedModel
  ) -> (subject: any ParameterStore, reference: any ParameterStore) {
    func model(_ model: LoadedModel, beside other: LoadedModel) -> any ParameterStore {
      guard model.inspection.cut == nil, let cut = other.inspection.cut,
        let less = CutModel(model.model, cut)
      else { return model.model }
      return less
    }
    return (model(subject, beside: reference), model(reference, beside: subject))
  }

  func elementType(of parameter: Parameter) -> ElementType {
    isMade(parameter) ? .float32 : base.elementType(of: parameter)
  }

  func withBytes<R>(of parameter: Parameter, _ body: (RawSpan) -> R) -> R {
    if isMade(parameter) {
      let bytes = ElementType.float32.bytes(of: made(parameter).map { Double($0) })
      return unsafe body(bytes.span.bytes)
    }
    guard isCut(parameter) else { return base.withBytes(of: parameter, body) }
    let count = parameter.role.shape(in: config).count * base.elementType(of: parameter).size
    return base.withBytes(of: parameter) { body($0.extracting(0..<count)) }
  }

  func stableBytes(of parameter: Parameter) -> UnsafeRawBufferPointer? {
    isCut(parameter) || isMade(parameter) ? nil : unsafe base.stableBytes(of: parameter)
  }

  /// Whether only the first rows of a parameter are left.
  private func isCut(_ parameter: Parameter) -> Bool {
    parameter.role == .positionEmbeddings
      || (parameter.role == .tokenTypeEmbeddings && cut.segments == .first)
  }

  /// Whether a parameter's numbers are others than the model's.
  private func isMade(_ parameter: Parameter) -> Bool {
    cut.addsSegment
      && (parameter.role == .positionEmbeddings || parameter.role == .tokenTypeEmbeddings)
  }

  /// The positions with the first segment's row added in Float32, as a converter does; of the segments
  /// zeros.
  private func made(_ parameter: Parameter) -> [Float] {
    let width = config.embeddingSize
    guard parameter.role == .positionEmbeddings else { return [Float](repeating: 0, count: width) }
    func numbers(_ role: ParameterRole) -> [Float] {
      let parameter = Parameter(role)
      return base.withBytes(of: parameter) { $0.floats(of: base.elementType(of: parameter)) } ?? []
    }
    let (positions, segment) = (numbers(.positionEmbeddings), numbers(.tokenTypeEmbeddings))
    return (0..<cut.positions * width).map { positions[$0] + segment[$0 % width] }
  }
}
