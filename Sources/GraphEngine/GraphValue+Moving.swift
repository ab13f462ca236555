package import AlbertTensors

extension GraphValue {
  /// A value of the same type: the elements that a strided walk over `extents` visits from `start` on, as many
  /// as `shape` has; an axis of stride 0 repeats.
  func strided(
    _ shape: Shape, over extents: [Int], strides: [Int], start: Int = 0
  ) -> GraphValue {
    // Along the last axis places are a step apart, so that only rows need a walk.
    let width = extents.last ?? 1
    let step = strides.last ?? 0
    var rows = StridedPlaces(
      Array(extents.dropLast()), strides: Array(strides.dropLast()), start: start)
    func taken<T>(_ values: [T]) -> [T] {
      var result: [T] = []
      guard shape.count > 0 else { return result }
      result.reserveCapacity(shape.count)
      for _ in 0..<shape.count / width {
        let first = rows.next()
        if step == 1 {
          result += values[first..<first + width]
        } else if step == 0 {
          result += repeatElement(values[first], count: width)
        } else {
          for index in 0..<width { result.append(values[first + index * step]) }
        }
      }
      return result
    }
    return moved(shape, { taken($0) }, { taken($0) }, { taken($0) })
  }

  /// A value of the same type made of blocks of `size` elements: of each, in order, the place in this value's
  /// where it begins.
  func gathered(_ shape: Shape, blocks size: Int, _ start: (Int) -> Int) -> GraphValue {
    func taken<T>(_ values: [T]) -> [T] {
      var result: [T] = []
      guard shape.count > 0 else { return result }
      result.reserveCapacity(shape.count)
      for block in 0..<shape.count / size {
        let first = start(block)
        result += values[first..<first + size]
      }
      return result
    }
    return moved(shape, { taken($0) }, { taken($0) }, { taken($0) })
  }

  /// A value of the same type: the slices at some indices of an axis, in their order, in a shape of as many
  /// elements.
  func slices(_ indices: [Int], along axis: Int, as shape: Shape) -> GraphValue {
    let (extent, inner) = (dimensions[axis], self.shape.count(from: axis + 1))
    return gathered(shape, blocks: inner) { block in
      let (outer, index) = block.quotientAndRemainder(dividingBy: indices.count)
      return (outer * extent + indices[index]) * inner
    }
  }

  /// A value of the same type: of each element, in order, the place in this value's that it comes from.
  package func gathered(_ shape: Shape, _ source: (Int) -> Int) -> GraphValue {
    let indices = 0..<shape.count
    return moved(
      shape, { values in indices.map { values[source($0)] } },
      { values in indices.map { values[source($0)] } },
      { values in indices.map { values[source($0)] } })
  }

  /// As `gathered`; where `source` gives nil, the only element of `fill` stands, which is of the same type.
  package func gathered(
    _ shape: Shape, filling fill: GraphValue, _ source: (Int) -> Int?
  ) -> GraphValue {
    guard let filled = gathered(shape, or: fill, { source($0) ?? ~0 }) else {
      preconditionFailure("a fill of another type")
    }
    return GraphValue(type, shape, filled.storage, grid: grid)
  }

  /// A value of the same type: of each element, in order, its place in this value, or `~place` for one in the
  /// other; nil where the two hold elements of different kinds.
  func gathered(_ shape: Shape, or other: GraphValue, _ source: (Int) -> Int) -> GraphValue? {
    func take<T>(_ own: [T], _ others: [T]) -> [T] {
      (0..<shape.count).map { index in
        let place = source(index)
        return place < 0 ? others[~place] : own[place]
      }
    }
    return switch (storage, other.storage) {
    case (.numbers(let own), .numbers(let others)): GraphValue(take(own, others), type, shape)
    case (.integers(let own), .integers(let others)): GraphValue(take(own, others), type, shape)
    case (.flags(let own), .flags(let others)): GraphValue(take(own, others), shape)
    default: nil
    }
  }

  /// The value's elements moved, whichever they are.
  private func moved(
    _ shape: Shape, _ numbers: ([Double]) -> [Double], _ integers: ([Int64]) -> [Int64],
    _ flags: ([Bool]) -> [Bool]
  ) -> GraphValue {
    let moved: Storage =
      switch storage {
      case .numbers(let values): .numbers(numbers(values))
      case .integers(let values): .integers(integers(values))
      case .flags(let values): .flags(flags(values))
      }
    return GraphValue(type, shape, moved, grid: grid)
  }
}

extension Array where Element == Double {
  /// `body` of each number, in a loop that the compiler makes one of vectors where `body` allows it.
  @inline(__always)
  func each<R: BitwiseCopyable>(_ body: (Double) -> R) -> [R] {
    unsafe withUnsafeBufferPointer { numbers in
      unsafe [R](unsafeUninitializedCapacity: numbers.count) { target, filled in
        for index in 0..<numbers.count {
          unsafe target.initializeElement(at: index, to: body(numbers[index]))
        }
        filled = numbers.count
      }
    }
  }
}
