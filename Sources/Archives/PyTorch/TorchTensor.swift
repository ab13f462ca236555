internal import AlbertBytes
internal import AlbertTensors

/// A tensor as a pickle describes it: a view of a storage, or one that cannot be read and why.
enum TorchTensor: Sendable {
  case view(TorchView)
  /// Integers that stand for numbers.
  case quantized(TorchView, TorchQuantization)
  case unreadable(Shape, reason: String)

  /// The view of a storage, whatever its elements stand for.
  var view: TorchView? {
    switch self {
    case .view(let view), .quantized(let view, _): view
    case .unreadable: nil
    }
  }
}

/// A view of a storage by shape and strides, which is known to lie within it.
struct TorchView: Sendable {
  /// The storage's key in the file.
  let storage: String
  let element: TorchElement
  let shape: Shape
  /// Elements from one index to the next along each axis; never negative.
  let strides: [Int]
  /// The bytes of the storage that the view's elements span.
  let span: Range<Int>

  /// The bytes of the content.
  var byteCount: Int { shape.count * element.size }

  /// Whether the elements lie one after another in the order of the content.
  var isContiguous: Bool {
    var expected = 1
    for (extent, stride) in zip(shape.dimensions, strides).reversed() where extent != 1 {
      guard stride == expected else { return false }
      expected *= extent
    }
    return true
  }

  /// What tells whether two tensors are the same bytes.
  var identity: String {
    "\(storage):\(span.lowerBound):\(element.word):\(shape):\(strides)"
  }

  /// A view that starts at element `offset`, or nil where it would leave the storage's `byteCount`
  /// bytes.
  init?(
    storage: String, element: TorchElement, shape: Shape, strides: [Int], offset: Int,
    within bounds: Range<Int>
  ) {
    guard strides.count == shape.rank, offset >= 0, strides.allSatisfy({ $0 >= 0 }) else {
      return nil
    }
    var last = offset
    if shape.count > 0 {
      for (extent, stride) in zip(shape.dimensions, strides) {
        guard let reach = stride.multiplied(by: extent - 1), let sum = last.adding(reach) else {
          return nil
        }
        last = sum
      }
    }
    let count = shape.count == 0 ? 0 : last - offset + 1
    guard let start = offset.multiplied(by: element.size)?.adding(bounds.lowerBound),
      let length = count.multiplied(by: element.size), let end = start.adding(length),
      end <= bounds.upperBound
    else { return nil }
    self.storage = storage
    self.element = element
    self.shape = shape
    self.strides = strides
    span = start..<end
  }
}

/// A storage as a pickle describes it.
struct TorchStorage: Sendable {
  /// The key under which the file holds it.
  let key: String
  let element: TorchElement
  /// The bytes of the whole storage in the file.
  let byteCount: Int
  /// The part of it that is meant; old files have storages that are views of others.
  let part: Range<Int>
  /// Whether it lies on a device that holds no data.
  let isMeta: Bool
}
