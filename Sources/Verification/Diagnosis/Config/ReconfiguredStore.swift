internal import Albert
internal import Tensors

/// The reference's weights computed as another config says; what only the subject has comes from it.
struct ReconfiguredStore: ParameterStore {
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
