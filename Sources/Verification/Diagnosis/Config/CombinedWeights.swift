internal import Albert
internal import Tensors

/// The reference's weights under another config; blocks that only the subject has come from it.
struct CombinedWeights: ParameterStore {
  let pair: ModelPair
  let config: AlbertConfig

  var contents: ModelContents { pair.reference.contents }

  func elementType(of parameter: Parameter) -> ElementType {
    store(of: parameter).elementType(of: parameter)
  }

  func withBytes<R>(of parameter: Parameter, _ body: (RawSpan) -> R) -> R {
    store(of: parameter).withBytes(of: parameter, body)
  }

  private func store(of parameter: Parameter) -> any ParameterStore {
    let own = pair.reference.config
    return parameter.group < own.numHiddenGroups && parameter.inner < own.innerGroupNum
      ? pair.reference : pair.subject
  }
}
