internal import AlbertArchitecture
internal import AlbertPlatform
internal import AlbertTensors

/// The known activations as functions, and the search for the one that a graph computes.
enum GraphActivation {
  static func geluErf(_ x: Double) -> Double { 0.5 * x * (1 + erf(x / 2.0.squareRoot())) }

  static func geluTanh(_ x: Double) -> Double {
    0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
  }

  private static func value(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .geluErf: geluErf(x)
    case .geluTanh: geluTanh(x)
    case .relu: max(0, x)
    case .silu: x / (1 + exp(-x))
    case .tanh: tanh(x)
    }
  }

  /// The activation that onnxruntime fuses into a product under this name.
  static func named(_ name: String) -> Activation? {
    switch name {
    case "Tanh": .tanh
    case "Relu": .relu
    default: nil
    }
  }

  /// Where the functions are compared: both signs, and where the forms of GELU differ most.
  private static let probes = [-5, -2.7, -2, -1.3, -0.6, 0, 0.4, 1.1, 2, 2.7, 4]

  /// The activation whose values `computed` gives; nil where none is near.
  ///
  /// Constants of half precision or 8 bits shift a graph's values by more than float32 would, so the
  /// nearest function counts, if it is near at all and much nearer than the next.
  static func known(_ computed: (Double) -> Double?) -> Activation? {
    var values: [Double] = []
    for probe in probes {
      guard let value = computed(probe), value.isFinite else { return nil }
      values.append(value)
    }
    let ranked = Activation.allCases.map { activation in
      let distances = zip(probes, values).map { abs(value(activation, $0) - $1) }
      return (activation, distance: distances.max() ?? .infinity)
    }.ordered(by: \.distance)
    guard ranked[0].distance < 0.02, ranked[0].distance * 2 < ranked[1].distance else { return nil }
    return ranked[0].0
  }
}

extension GraphConstant {
  /// The constants of the forms of GELU: of bfloat16 they move its values by as much as the forms differ.
  private static let factors = [
    0.044715, (2 / Double.pi).squareRoot(), (2 / Double.pi).squareRoot() * 0.044715,
    2.0.squareRoot(), 0.5.squareRoot(),
  ]

  /// The factor of GELU that `stored` is, rounded to half precision; `stored` itself where it is none.
  func meant(_ stored: Double) -> Double {
    guard [.bfloat16, .float16].contains(tensor.type) else { return stored }
    let meant = Self.factors.first { tensor.type.nearest($0) == stored.magnitude }
    return meant.map { stored < 0 ? -$0 : $0 } ?? stored
  }
}
