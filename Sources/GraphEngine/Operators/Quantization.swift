internal import AlbertGraphs
internal import AlbertTensors

/// Steps at which a graph turns numbers into integers, and back.
enum QuantizationOperators {
  static let operators: [Operator] = [
    Operator("QuantizeLinear", since: 10, run: quantize),
    Operator("QuantizeLinear", domain: "com.microsoft", run: quantize),
    Operator("DequantizeLinear", since: 10, run: dequantize),
    Operator("DequantizeLinear", domain: "com.microsoft", run: dequantize),
    Operator("DynamicQuantizeLinear", since: 11, run: dynamicallyQuantize),
  ]

  private static func quantize(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let scale = try call.input(1)
    let grid = try QuantizationGrid(call, over: x.shape, scale: scale)
    let point = call.optional(2)
    let points = try grid.points(call, 2)
    let stated = try call.type("output_dtype")
    let type = point?.type ?? stated ?? .uint8
    guard type.family == .integers, type.bits <= 32, stated == nil || stated == type else {
      throw .invalid("the result is \(type.rawValue), which nothing is quantised to")
    }
    // The quotient is as precise as the scale's type, whatever the numbers come in.
    let precision = try call.type("precision") ?? scale.type
    let scales = try call.numbers(1)
    if call.keepsNumbers {
      // What differs along an axis is stated in steps of 1.
      let isOne = scales.count == 1
      let numbers = x.doubles.enumerated().map { index, number in
        let place = grid.place(of: index)
        let zero = points?[place] ?? 0
        let kept = Quantizing.kept(number, zeroPoint: zero, type)
        return isOne ? kept : kept / scales[place] + Double(zero)
      }
      let zero = isOne ? Double(points?.first ?? 0) : 0
      return [
        GraphValue(
          numbers, on: GraphValue.Grid(scale: isOne ? scales[0] : 1, zeroPoint: zero), x.shape)
      ]
    }
    let integers = x.doubles.enumerated().map { index, number in
      let place = grid.place(of: index)
      let quotient = precision.nearest(precision.nearest(number) / precision.nearest(scales[place]))
      return Quantizing.integer(quotient, zeroPoint: points?[place] ?? 0, type)
    }
    call.rounds(to: integers.enumerated().map { $1 - (points?[grid.place(of: $0)] ?? 0) })
    return [GraphValue(integers, type, x.shape)]
  }

  private static func dequantize(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let scale = try call.input(1)
    let grid = try QuantizationGrid(call, over: x.shape, scale: scale)
    let points = try grid.points(call, 2)
    let scales = try call.numbers(1)
    if try call.kept(0) == nil {
      if let point = call.optional(2), point.type != x.type {
        throw .invalid("the zero point is of another type than the integers")
      }
      guard x.type.bits <= 32 else { throw .unsupported("quantised values of \(x.type.rawValue)") }
    }
    let numbers = try call.dequantized(0) { index in
      let place = grid.place(of: index)
      return (scales[place], points?[place] ?? 0)
    }
    let type = try call.type("output_dtype") ?? scale.type
    guard type.family == .numbers else {
      throw .invalid("the result is \(type.rawValue), which is no floating-point type")
    }
    return [GraphValue(numbers, type, x.shape)]
  }

  private static func dynamicallyQuantize(
    _ call: OperatorCall
  ) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let quantized = Quantizing.dynamically(try call.numbers(0))
    let (scale, zeroPoint) = (Double(quantized.scale), quantized.zeroPoint)
    let result: GraphValue
    if call.keepsNumbers {
      result = GraphValue(
        try call.numbers(0), on: GraphValue.Grid(scale: scale, zeroPoint: Double(zeroPoint)),
        x.shape)
    } else {
      call.rounds(to: quantized.integers.map { $0 - zeroPoint })
      result = GraphValue(quantized.integers, .uint8, x.shape)
    }
    return [
      result, .scalar(scale, .float32), .scalar(zeroPoint, .uint8),
    ]
  }
}

/// How a number becomes an integer, to the last bit as runtimes have it.
enum Quantizing {
  /// The integer nearest to a number, halves to even, plus the zero point; what is out of the type's
  /// range is its end.
  static func integer(_ number: Double, zeroPoint: Int64, _ type: GraphType) -> Int64 {
    let range = type.range
    let least = Double(range.lowerBound - zeroPoint)
    let most = Double(range.upperBound - zeroPoint)
    // A value that is not a number compares with nothing: it is the least, as vector units have it.
    guard number > least else { return range.lowerBound }
    guard number < most else { return range.upperBound }
    return Int64(number.rounded(.toNearestOrEven)) + zeroPoint
  }

  /// A number as it would be quantised, where nothing is rounded.
  ///
  /// Quantisers leave a ReLU out before a range that holds no negative numbers: there these are zero.
  static func kept(_ number: Double, zeroPoint: Int64, _ type: GraphType?) -> Double {
    type?.range.lowerBound == zeroPoint ? max(0, number) : number
  }

  /// Numbers as bytes over their own range, which zero is always in.
  ///
  /// Everything is computed in Float32: another scale in the last place would give other integers.
  static func dynamically(
    _ numbers: [Double]
  ) -> (integers: [Int64], scale: Float, zeroPoint: Int64) {
    var (least, most): (Float, Float) = (0, 0)
    for number in numbers {
      least = min(least, Float(number))
      most = max(most, Float(number))
    }
    let scale = least == most ? 1 : (most - least) / 255
    let zeroPoint = integer(Double(-least / scale), zeroPoint: 0, .uint8)
    let integers = numbers.map { number in
      integer(Double(Float(number) / scale), zeroPoint: zeroPoint, .uint8)
    }
    return (integers, scale, zeroPoint)
  }
}

extension GraphValue.Grid {
  /// What a number that was quantised on this grid is, turned back with a scale and a zero point: itself,
  /// where those are its own.
  func number(_ number: Double, scale: Double, zeroPoint: Int64) -> Double {
    number * (scale / self.scale) + (self.zeroPoint - Double(zeroPoint)) * scale
  }
}

extension OperatorCall {
  /// The numbers at `index` that stand where the graph has integers, and their grid; nil where these are
  /// integers.
  func kept(
    _ index: Int
  ) throws(OperatorError) -> (numbers: [Double], grid: GraphValue.Grid)? {
    guard keepsNumbers, let value = optional(index), case .numbers(let numbers) = value.storage
    else { return nil }
    guard let grid = value.grid else { throw .invalid("input \(index) is not quantised") }
    return (numbers, grid)
  }

  /// The numbers that the value at `index` stands for, each by the scale and the zero point of its element.
  func dequantized(
    _ index: Int, _ grid: (_ element: Int) -> (scale: Double, zeroPoint: Int64)
  ) throws(OperatorError) -> [Double] {
    if let kept = try kept(index) {
      return kept.numbers.enumerated().map { element, number in
        let (scale, zeroPoint) = grid(element)
        return kept.grid.number(number, scale: scale, zeroPoint: zeroPoint)
      }
    }
    return try integers(index).enumerated().map { element, integer in
      let (scale, zeroPoint) = grid(element)
      let steps = Double(integer - zeroPoint)
      // Runtimes turn the integers of a bias into Float32 first, which rounds the largest.
      return (roundsValues ? Double(Float(steps)) : steps) * scale
    }
  }
}
