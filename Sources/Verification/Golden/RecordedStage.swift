public import Albert
public import Tensors

/// One stage as a file holds it.
public struct RecordedStage: Sendable {
  /// Which stage.
  public let stage: Stage
  /// Its shape in the file.
  public let shape: Shape
  /// Its element type in the file.
  public let type: ElementType
  /// Its values, row-major.
  public let values: [Double]

  /// States a stage.
  public init(stage: Stage, shape: Shape, type: ElementType, values: [Double]) {
    self.stage = stage
    self.shape = shape
    self.type = type
    self.values = values
  }

  /// The narrowest type that holds every value exactly: the precision in which the stage was
  /// computed at best, whatever type it was saved in.
  public var precision: ElementType {
    let narrower: [ElementType] = [.bfloat16, .float16, .float32]
    return narrower.first { type in type.size <= self.type.size && values.allSatisfy(type.holds) }
      ?? type
  }
}

extension ElementType {
  /// Whether a number keeps its value as this floating-point type.
  func holds(_ value: Double) -> Bool {
    guard value.isFinite else { return true }
    switch self {
    case .float64: return true
    case .float32: return Double(Float(value)) == value
    case .float16: return Double(Float16(value)) == value
    case .bfloat16: return Double(BFloat16(Float(value)).float) == value
    default: return false
    }
  }

  /// Half the distance between 1 and the next number: what one rounding to nearest may do.
  var roundoff: Double {
    switch self {
    case .float64: 0x1p-53
    case .float32: 0x1p-24
    case .float16: 0x1p-11
    case .bfloat16: 0x1p-8
    // Symmetric per row: half a step of 1/127 of the row's largest number.
    case .int8: 0.5 / 127
    default: 0
    }
  }
}
