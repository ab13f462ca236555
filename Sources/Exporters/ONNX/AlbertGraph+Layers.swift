internal import AlbertArchitecture
internal import AlbertTensors

extension AlbertGraph {
  /// y = x Wᵀ + b, with W [out, in].
  mutating func linear(
    _ x: Value, _ weight: Parameter, _ bias: Parameter, as name: String
  ) -> Value {
    let weight = weights(weight, &g)
    let bias = weights(bias, &g)
    return g("Gemm", x, weight, bias, as: name, ["transB": .integer(1)])
  }

  /// Each row shifted to mean 0 and scaled to variance 1, then by weight and bias.
  mutating func layerNorm(
    _ x: Value, _ weight: Parameter, _ bias: Parameter, epsilon: Double, as name: String
  ) -> Value {
    let weight = weights(weight, &g)
    let bias = weights(bias, &g)
    return g(
      "LayerNormalization", x, weight, bias, as: name,
      ["axis": .integer(-1), "epsilon": .number(epsilon)])
  }

  /// The config's activation; GELU became an operator only in set 20.
  mutating func activation(_ x: Value, as name: String) -> Value {
    switch config.hiddenAct {
    case .relu: return g("Relu", x, as: name)
    case .tanh: return g("Tanh", x, as: name)
    case .silu: return g("Mul", x, g("Sigmoid", x, as: name + "/sigmoid"), as: name)
    case .geluErf:
      return gelu(x, as: name) { g in
        // erf(x / √2)
        let root = g.number(2.0.squareRoot(), "root_of_two")
        return g("Erf", g("Div", x, root, as: "argument"), as: "erf")
      }
    case .geluTanh:
      return gelu(x, as: name) { g in
        // tanh(√(2/π) (x + 0.044715 x³))
        let cube = g("Pow", x, g.number(3, "three"), as: "cube")
        let bent = g("Mul", cube, g.number(0.044715, "gelu_cubic"), as: "bent")
        let factor = g.number((2 / Double.pi).squareRoot(), "root_of_two_by_pi")
        let argument = g("Mul", g("Add", x, bent, as: "inside"), factor, as: "argument")
        return g("Tanh", argument, as: "tanh")
      }
    }
  }

  /// x / 2 (1 + the odd function that the two forms differ in).
  private mutating func gelu(
    _ x: Value, as name: String, _ odd: (inout ONNXGraphBuilder) -> Value
  ) -> Value {
    let product = g.within(name) { g in
      let odd = odd(&g)
      let half = g("Mul", x, g.number(0.5, "half"), as: "half")
      return (half, g("Add", odd, g.number(1, "one"), as: "share"))
    }
    return g("Mul", product.0, product.1, as: name)
  }
}
