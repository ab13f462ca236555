internal import AlbertArchitecture

/// One change of a model, as a value.
enum Edit: Equatable, Sendable {
  /// Two parameters of one shape in each other's place.
  case exchange(Parameter, Parameter)
  /// A parameter's numbers in another order.
  case reorder(Parameter, NumberOrder)
  /// Each of a parameter's numbers changed on its own.
  case change(Parameter, NumberChange)
  /// A parameter with other numbers, row by row.
  case replace(Parameter, [Double])
  /// A parameter that holds the numbers of another one of its shape.
  case alias(Parameter, to: Parameter)
  /// Something that the config says, or a way of reading the inputs.
  case configure(Setting)

  /// Something of a model, such as `\.config.numAttentionHeads`, set to a value.
  static func set<Value: Hashable & Sendable>(_ path: ModelPath<Value>, _ value: Value) -> Edit {
    .configure(Setting(path, value))
  }

  /// The parameters whose numbers it changes.
  var parameters: [Parameter] {
    switch self {
    case .exchange(let first, let second): [first, second]
    case .reorder(let parameter, _), .change(let parameter, _), .replace(let parameter, _),
      .alias(let parameter, _):
      [parameter]
    case .configure: []
    }
  }
}
