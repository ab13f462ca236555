internal import AlbertArchitecture

extension StageOutput<Float> {
  /// The values at one place of all axes but the last, such as the scores of one token.
  func row(_ place: Int...) -> ArraySlice<Float> {
    let width = shape.dimensions.last ?? 0
    var index = 0
    for (axis, value) in place.enumerated() { index = index * shape.dimensions[axis] + value }
    return values[index * width..<(index + 1) * width]
  }
}
