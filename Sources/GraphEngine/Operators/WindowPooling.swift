internal import AlbertGraphs
internal import AlbertTensors

/// One number of each window: its largest, or its mean.
enum WindowPoolingOperators {
  static let operators: [Operator] = [
    Operator("MaxPool", run: largest),
    Operator("AveragePool", run: average),
  ]

  private static func windows(
    _ call: OperatorCall
  ) throws(OperatorError) -> (x: GraphValue, windows: Windows, shape: Shape) {
    let x = try call.input(0)
    guard x.rank >= 3, let kernel = try call.integers("kernel_shape"), kernel.count == x.rank - 2
    else { throw .invalid("the setting 'kernel_shape' does not fit \(x.shape)") }
    let windows = try Windows(call, over: Array(x.dimensions[2...]), kernel: kernel)
    let shape = try call.shape(Array(x.dimensions[..<2]) + windows.counts)
    try call.spend(product: shape.count, windows.size)
    return (x, windows, shape)
  }

  private static func largest(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let (x, windows, shape) = try windows(call)
    let countsColumns = try call.integer("storage_order", else: 0) != 0
    let values = x.doubles
    let inner = x.shape.count(from: 2)
    let count = windows.counts.reduce(1, *)
    var best: [Int] = []
    best.reserveCapacity(shape.count)
    for index in 0..<shape.count {
      let (channel, window) = index.quotientAndRemainder(dividingBy: max(1, count))
      var place: Int?
      for element in windows.places[window * windows.size..<(window + 1) * windows.size]
      where element >= 0 {
        let next = channel * inner + element
        guard let held = place else {
          place = next
          continue
        }
        if values[next] > values[held] || (values[next].isNaN && !values[held].isNaN) {
          place = next
        }
      }
      guard let place else { throw .invalid("a window holds nothing but padding") }
      best.append(place)
    }
    return [
      x.gathered(shape) { best[$0] },
      call.wants(1)
        ? GraphValue(
          best.map { Int64(countsColumns ? byColumns($0, x.dimensions) : $0) }, .int64, shape)
        : nil,
    ]
  }

  /// A place where the first axis behind the channels is the one whose neighbours lie side by side.
  private static func byColumns(_ place: Int, _ extents: [Int]) -> Int {
    let inner = extents[2...].reduce(1, *)
    var (rest, result, stride) = (place % inner, 0, inner)
    for extent in extents[2...].reversed() {
      stride /= extent
      result += rest % extent * stride
      rest /= extent
    }
    return place - place % inner + result
  }

  private static func average(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let (x, windows, shape) = try windows(call)
    let countsPadding = try call.integer("count_include_pad", else: 0) != 0
    let values = try call.numbers(0)
    let inner = x.shape.count(from: 2)
    let count = windows.counts.reduce(1, *)
    let means = (0..<shape.count).map { index in
      let (channel, window) = index.quotientAndRemainder(dividingBy: max(1, count))
      var (sum, counted) = (0.0, 0)
      for element in windows.places[window * windows.size..<(window + 1) * windows.size] {
        if element >= 0 { sum += values[channel * inner + element] }
        if element >= 0 || (countsPadding && element == Windows.padding) { counted += 1 }
      }
      return sum / Double(counted)
    }
    return [GraphValue(means, x.type, shape)]
  }
}
