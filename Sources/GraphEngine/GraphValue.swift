package import AlbertGraphs
package import AlbertTensors

/// A value while a graph runs: elements in row-major order with the type that the graph declares.
///
/// All floating-point types are held as Float64, all integers as Int64 (of `uint64` the bits), so that
/// an operator has three cases and not twenty; the declared type says what the elements mean.
package final class GraphValue: Sendable {
  /// The elements.
  package enum Storage: Sendable {
    case numbers([Double])
    case integers([Int64])
    case flags([Bool])
  }

  /// The element type that the graph declares.
  package let type: GraphType
  /// The extents.
  package let shape: Shape
  /// The elements, as many as `shape` says.
  package let storage: Storage
  /// How numbers would be quantised that stay as they are; nil of all others.
  let grid: Grid?

  /// What a quantiser would make integers by: a number over the scale, plus the zero point.
  struct Grid: Equatable, Sendable {
    let scale: Double
    let zeroPoint: Double
  }

  /// Numbers with a fraction.
  package convenience init(_ numbers: [Double], _ type: GraphType, _ shape: Shape) {
    precondition(numbers.count == shape.count && type.family == .numbers)
    self.init(type, shape, .numbers(numbers))
  }

  /// Integers; of `uint64` their bits.
  package convenience init(_ integers: [Int64], _ type: GraphType, _ shape: Shape) {
    precondition(integers.count == shape.count && type.family == .integers)
    self.init(type, shape, .integers(integers))
  }

  /// Truth values.
  package convenience init(_ flags: [Bool], _ shape: Shape) {
    precondition(flags.count == shape.count)
    self.init(.bool, shape, .flags(flags))
  }

  init(
    _ type: GraphType, _ shape: Shape, _ storage: Storage, grid: Grid? = nil
  ) {
    self.type = type
    self.shape = shape
    self.storage = storage
    self.grid = grid
  }

  /// Numbers that stand where a graph has integers.
  convenience init(_ numbers: [Double], on grid: Grid, _ shape: Shape) {
    let value = GraphValue(numbers, .float64, shape)
    self.init(value.type, shape, value.storage, grid: grid)
  }

  /// A number without axes.
  package static func scalar(_ number: Double, _ type: GraphType) -> GraphValue {
    GraphValue([number], type, Shape([]))
  }

  /// An integer without axes.
  package static func scalar(_ integer: Int64, _ type: GraphType = .int64) -> GraphValue {
    GraphValue([integer], type, Shape([]))
  }

  /// A list of integers.
  package static func list(_ integers: [Int]) -> GraphValue {
    GraphValue(integers.map(Int64.init), .int64, Shape([integers.count]))
  }

  /// The number of elements.
  package var count: Int { shape.count }
  /// The extents, outermost axis first.
  package var dimensions: [Int] { shape.dimensions }
  /// The number of axes.
  package var rank: Int { shape.rank }

  /// Whether the element at `index` is a negative or positive number or a truth value, as Float64.
  package var doubles: [Double] {
    switch storage {
    case .numbers(let values): values
    case .integers(let values):
      type == .uint64
        ? values.map { Double(UInt64(bitPattern: $0)) } : values.map(Double.init)
    case .flags(let values): values.map { $0 ? 1 : 0 }
    }
  }

  /// The same elements in another shape of as many.
  package func reshaped(_ shape: Shape) -> GraphValue {
    precondition(shape.count == count)
    return GraphValue(type, shape, storage, grid: grid)
  }

  /// A matrix of numbers with its rows as columns; nil for other values.
  func turnedMatrix() -> GraphValue? {
    guard rank == 2, case .numbers(let values) = storage else { return nil }
    let (rows, columns) = (dimensions[0], dimensions[1])
    return GraphValue(
      type, Shape([columns, rows]), .numbers(values.transposed(rows: rows, columns: columns)),
      grid: grid)
  }

  /// A value all of whose elements are this one's only element.
  package func repeated(_ shape: Shape) -> GraphValue {
    switch storage {
    case .numbers(let values):
      GraphValue([Double](repeating: values[0], count: shape.count), type, shape)
    case .integers(let values):
      GraphValue([Int64](repeating: values[0], count: shape.count), type, shape)
    case .flags(let values): GraphValue([Bool](repeating: values[0], count: shape.count), shape)
    }
  }

  /// Zeros, or false.
  package static func zeros(_ type: GraphType, _ shape: Shape) -> GraphValue {
    switch type.family {
    case .integers: GraphValue([Int64](repeating: 0, count: shape.count), type, shape)
    case .flags: GraphValue([Bool](repeating: false, count: shape.count), shape)
    default: GraphValue([Double](repeating: 0, count: shape.count), type, shape)
    }
  }

  /// The value with each number rounded to the declared type, as a runtime would hold it.
  package func rounded() -> GraphValue {
    guard case .numbers(let values) = storage, type != .float64 else { return self }
    // Nearly all are Float32, and there are as many of them as a graph computes.
    let rounded = type == .float32 ? values.each { Double(Float($0)) } : values.map(type.nearest)
    return GraphValue(type, shape, .numbers(rounded))
  }
}
