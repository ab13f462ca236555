internal import AlbertGraphs
internal import AlbertTensors

/// Operators that say how values are stored: their bits, and where new ones go in a cache.
enum StorageOperators {
  static let operators: [Operator] = [
    Operator("BitCast", since: 26, run: bitCast),
    Operator("TensorScatter", since: 24, run: tensorScatter),
  ]

  private static func bitCast(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard let type = try call.type("to") else { throw .invalid("the setting 'to' is missing") }
    guard type.bits == x.type.bits else {
      throw .invalid("\(x.type.rawValue) and \(type.rawValue) have different numbers of bits")
    }
    switch (x.storage, type.family) {
    case (.integers(let integers), .integers):
      return [GraphValue(integers.map { type.wrapped($0) }, type, x.shape)]
    default:
      guard let element = x.type.elementType,
        let value = GraphValue(x.bytes(as: element), type, x.shape)
      else { throw .unsupported("the bits of \(x.type.rawValue) as \(type.rawValue)") }
      return [value]
    }
  }

  private static func tensorScatter(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let (cache, update) = (try call.input(0), try call.input(1))
    let axis = try call.axis(try call.integer("axis", else: -2), rank: cache.rank)
    let mode = try call.text("mode", else: "linear")
    guard axis > 0, cache.type == update.type, ["linear", "circular"].contains(mode) else {
      throw .invalid("the new values or the settings do not fit the cache")
    }
    var expected = cache.dimensions
    guard update.rank == cache.rank else { throw .invalid("the new values have other axes") }
    expected[axis] = update.dimensions[axis]
    let (most, length) = (cache.dimensions[axis], update.dimensions[axis])
    guard update.dimensions == expected, length <= most else {
      throw .invalid("the new values \(update.shape) do not fit the cache \(cache.shape)")
    }
    let batch = cache.dimensions[0]
    let starts: [Int]
    if let stated = try call.list(2) {
      let last = mode == "circular" ? Int.max - most : most - length
      guard stated.count == batch, stated.allSatisfy({ (0...last).contains($0) }) else {
        throw .invalid("the places \(stated) do not fit the cache")
      }
      starts = stated
    } else {
      starts = [Int](repeating: 0, count: try call.shape([batch]).count)
    }
    guard cache.count > 0 else { return [cache] }
    let inner = cache.shape.count(from: axis + 1)
    let perEntry = cache.count / batch
    // For each element of the cache, the new one that takes its place.
    var sources = [Int?](repeating: nil, count: cache.count)
    for place in 0..<update.count {
      let (row, within) = place.quotientAndRemainder(dividingBy: inner)
      let (outer, along) = row.quotientAndRemainder(dividingBy: length)
      let entry = outer * most * inner / perEntry
      let target = (starts[entry] + along) % most
      sources[(outer * most + target) * inner + within] = place
    }
    let replaced = cache.gathered(cache.shape, or: update) { place in
      sources[place].map { ~$0 } ?? place
    }
    guard let replaced else { throw .invalid("the new values are of another type") }
    return [replaced]
  }
}
