internal import AlbertArchitecture
internal import AlbertTensors

/// The parameters of a graph as values that its operators take, all of them float32.
///
/// A tensor of another type is turned into float32 by operators of its own, which stand in the graph
/// once however often the parameter is used: a runtime then folds them once, and no layer of a shared
/// group gets a copy.
struct ONNXWeights {
  /// The element type of each parameter in the file.
  let type: (Parameter) -> ElementType
  /// The parameter of an earlier group that holds the same numbers.
  private let original: [Parameter: Parameter]
  private var values: [Parameter: ONNXGraphBuilder.Value] = [:]

  /// Weights of these element types; those of `original` stand for others too.
  init(type: @escaping (Parameter) -> ElementType, original: [Parameter: Parameter]) {
    self.type = type
    self.original = original
  }

  /// Whether an operator takes the parameter.
  func uses(_ parameter: Parameter) -> Bool { values[parameter] != nil }

  /// The name of the scales of a tensor of 8-bit integers, one per row.
  static func scale(of parameter: Parameter) -> String { parameter.name + ".scale" }

  /// The value that a parameter is.
  mutating func callAsFunction(
    _ parameter: Parameter, _ g: inout ONNXGraphBuilder
  ) -> ONNXGraphBuilder.Value {
    let parameter = original[parameter] ?? parameter
    if let value = values[parameter] { return value }
    let value = numbers(of: parameter, &g)
    values[parameter] = value
    return value
  }

  private func numbers(
    of parameter: Parameter, _ g: inout ONNXGraphBuilder
  ) -> ONNXGraphBuilder.Value {
    let name = parameter.name
    let type = type(parameter)
    guard type != .float32 else { return name }
    let number = g.add("Cast", [name], giving: name + "/float32", ["to": .integer(1)])
    guard type == .int8 else { return number }
    // Not as DequantizeLinear: onnxruntime repeats that for every operator that takes the result,
    // in every run, where this is folded once.
    return g.add("Mul", [number, Self.scale(of: parameter)], giving: name + "/scaled")
  }
}
