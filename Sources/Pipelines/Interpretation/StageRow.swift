internal import AlbertArchitecture
internal import AlbertTensors

extension StageOutput<Float> {
  /// The values at one place of all axes but the last, such as the scores of one token.
  func row(_ place: Int...) -> ArraySlice<Float> {
    let width = shape.dimensions.last ?? 0
    var index = 0
    for (axis, value) in place.enumerated() { index = index * shape.dimensions[axis] + value }
    return values[index * width..<(index + 1) * width]
  }

  /// The rows of some places of all axes but the last, [places, values].
  func rows(_ places: [Int]) -> StageOutput {
    let width = shape.dimensions.last ?? 0
    return StageOutput(
      stage: stage, shape: Shape([places.count, width]),
      values: places.flatMap { values[$0 * width..<($0 + 1) * width] })
  }
}
