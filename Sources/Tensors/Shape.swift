internal import AlbertBytes

/// The extent of a tensor along each axis, whose product is known not to overflow.
public struct Shape: Equatable, Hashable, Sendable, CustomStringConvertible {
  /// Extents, outermost axis first; empty for a scalar.
  public let dimensions: [Int]
  /// The product of the extents; 1 for a scalar.
  public let count: Int

  /// The most axes that any reader accepts (NumPy's own limit).
  package static let maxAxes = 64

  /// A shape from a file; nil where an extent is negative, there are too many, or the product
  /// exceeds 2^56 elements (so that bytes and doubles of it never overflow).
  package init?(checking dimensions: [Int]) {
    guard dimensions.count <= Self.maxAxes else { return nil }
    var count = 1
    var bound = 1
    for extent in dimensions {
      guard extent >= 0, let product = bound.multiplied(by: max(1, extent)), product <= 1 << 56
      else { return nil }
      bound = product
      count *= extent
    }
    self.dimensions = dimensions
    self.count = count
  }

  /// A shape that the program itself states.
  ///
  /// Traps where an extent is negative, or their product is more than 2^56.
  ///
  /// - Parameter dimensions: Extents, outermost axis first.
  public init(_ dimensions: [Int]) {
    guard let shape = Shape(checking: dimensions) else {
      preconditionFailure("shape \(dimensions) is out of range")
    }
    self = shape
  }

  /// The number of axes.
  package var rank: Int { dimensions.count }

  /// The shape with its axes in reverse order.
  package var reversed: Shape { Shape(dimensions.reversed()) }

  /// `[30000, 128]`.
  public var description: String {
    "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }
}

extension Shape: ExpressibleByArrayLiteral {
  /// A shape as a literal, such as `[2, 128]`.
  ///
  /// Traps as `init(_:)` does.
  ///
  /// - Parameter dimensions: Extents, outermost axis first.
  public init(arrayLiteral dimensions: Int...) { self.init(dimensions) }
}
