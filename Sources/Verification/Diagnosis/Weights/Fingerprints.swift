internal import Albert
internal import Tensors

/// Finds the reference's parameter that begins with a parameter's numbers, without a comparison with
/// each.
struct Fingerprints {
  private let pair: ModelPair
  private let parameters: [Key: Parameter]

  private struct Key: Hashable {
    let shape: Shape
    /// The first numbers; as many as tell parameters apart.
    let numbers: [Double]

    init(_ store: any ParameterStore, _ parameter: Parameter, _ shape: Shape) {
      let type = store.elementType(of: parameter)
      self.shape = shape
      numbers = store.withBytes(of: parameter) { bytes in
        (0..<min(16, shape.count)).map { bytes.double(at: $0, of: type) ?? .nan }
      }
    }
  }

  init(_ pair: ModelPair) {
    self.pair = pair
    parameters = Dictionary(
      ParameterSpec.all(pair.reference.config, pair.reference.contents).map {
        (Key(pair.reference, $0.parameter, $0.shape), $0.parameter)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The first of the reference's parameters that has a suspect's shape and first numbers.
  func match(_ suspect: Suspect) -> Parameter? {
    parameters[Key(pair.subject, suspect.parameter, suspect.shape)]
  }
}
