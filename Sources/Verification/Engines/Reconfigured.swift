internal import Albert
internal import Tensors

/// One model's numbers under another one's config.
///
/// Where two models' weights differ only by rounding, it tells apart what they compute from what
/// they were rounded to: with the same numbers on both sides nothing but the configs differs.
struct Reconfigured: ParameterStore {
  let numbers: any ParameterStore
  let config: AlbertConfig

  /// Nil where the config asks for parameters that the numbers do not have, or of other shapes.
  init?(_ numbers: any ParameterStore, as other: AlbertConfig) {
    var config = other
    config.taskHead = numbers.config.taskHead
    config.numLabels = numbers.config.numLabels
    config.embeddingProjectionIsIdentity = numbers.config.embeddingProjectionIsIdentity
    self.numbers = numbers
    self.config = config
    let mine = ParameterSpec.all(numbers.config, numbers.contents)
    guard ParameterSpec.all(config, numbers.contents) == mine else { return nil }
  }

  var contents: ModelContents { numbers.contents }

  func elementType(of parameter: Parameter) -> ElementType { numbers.elementType(of: parameter) }

  func withBytes<R>(of parameter: Parameter, _ body: (RawSpan) -> R) -> R {
    numbers.withBytes(of: parameter, body)
  }

  func stableBytes(of parameter: Parameter) -> UnsafeRawBufferPointer? {
    unsafe numbers.stableBytes(of: parameter)
  }
}
