internal import AlbertTensors

/// How a tensor's numbers are spread over equal intervals about their mean.
struct Histogram {
  /// The share of the numbers in each interval.
  let shares: [Double]
  /// The intervals' range: all numbers, or four standard deviations where some lie far out.
  let range: ClosedRange<Double>

  init(_ statistics: TensorStatistics, intervals: Int) {
    let spread = 4 * statistics.standardDeviation
    let low = Swift.max(statistics.min, statistics.mean - spread)
    let high = Swift.min(statistics.max, statistics.mean + spread)
    guard low.isFinite, high.isFinite, low < high else {
      shares = []
      range = 0...1
      return
    }
    range = low...high
    shares = statistics.histogram(intervals, in: range)
  }

  /// The histogram as a line of blocks.
  var sparkline: String {
    let blocks = Array("▁▂▃▄▅▆▇█")
    guard let most = shares.max(), most > 0 else { return "-" }
    return String(
      shares.map { share in
        share == 0 ? " " : blocks[Swift.min(7, Int(share / most * 7.999))]
      })
  }
}
