package import AlbertArchitecture
package import AlbertTensors

/// What the values of one stage are like.
package struct StageStatistics: Equatable, Sendable {
  /// Which stage.
  package let stage: Stage
  /// Its shape.
  package let shape: Shape
  /// The mean of its finite values.
  package let mean: Double
  /// Their standard deviation.
  package let standardDeviation: Double
  /// The least of them.
  package let min: Double
  /// The largest of them.
  package let max: Double
  /// Values that are no finite numbers.
  package let nonFinite: Int

  /// Looks through a stage.
  package init<Element>(_ output: StageOutput<Element>) {
    stage = output.stage
    shape = output.shape
    // Welford's update, so that a large mean costs no digits of the deviation.
    var (count, mean, squares) = (0.0, 0.0, 0.0)
    var (least, most) = (Double.infinity, -Double.infinity)
    var nonFinite = 0
    for element in output.values {
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
