package import AlbertArchitecture
package import AlbertTensors

/// What the elements of one value of a forward pass are like.
package struct ValueStatistics: Equatable, Sendable {
  /// The name of a stage, or of a value of a graph.
  package let name: String
  package let shape: Shape
  /// The mean of its finite elements.
  package let mean: Double
  /// Their standard deviation.
  package let standardDeviation: Double
  /// The least of them.
  package let min: Double
  /// The largest of them.
  package let max: Double
  /// Elements that are no finite numbers.
  package let nonFinite: Int

  /// Looks through a stage.
  package init<Element>(_ output: StageOutput<Element>) {
    self.init(output.stage.name, output.shape, output.values)
  }

  /// Looks through numbers.
  package init(_ name: String, _ shape: Shape, _ values: [some BinaryFloatingPoint]) {
    self.name = name
    self.shape = shape
    // Welford's update, so that a large mean costs no digits of the deviation.
    var (count, mean, squares) = (0.0, 0.0, 0.0)
    var (least, most) = (Double.infinity, -Double.infinity)
    var nonFinite = 0
    for element in values {
      let value = Double(element)
      guard value.isFinite else {
        nonFinite += 1
        continue
      }
      count += 1
      let step = value - mean
      mean += step / count
      squares += step * (value - mean)
      least = Swift.min(least, value)
      most = Swift.max(most, value)
    }
    self.mean = count > 0 ? mean : .nan
    standardDeviation = count > 0 ? (squares / count).squareRoot() : .nan
    min = count > 0 ? least : .nan
    max = count > 0 ? most : .nan
    self.nonFinite = nonFinite
  }
}
