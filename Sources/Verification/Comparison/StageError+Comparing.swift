internal import AlbertArchitecture
internal import AlbertTensors

extension StageError {
  /// Compares `values` with `expected`, of equal shape.
  init<A: BinaryFloatingPoint, B: BinaryFloatingPoint>(
    _ values: [A], expected: [B], _ geometry: StageGeometry
  ) {
    precondition(values.count == expected.count, "stages of different sizes are not compared")
    let width = geometry.runLength
    var parts = (real: Sums(), padded: Sums())
    var squares = [Double](repeating: 0, count: width)
    var realRuns = 0
    for run in 0..<values.count / width {
      let range = run * width..<(run + 1) * width
      if geometry.isPadding(run: run) {
        parts.padded.add(values, expected, range, run)
      } else {
        parts.real.add(values, expected, range, run)
        realRuns += 1
        for channel in 0..<width {
          let value = Double(expected[range.lowerBound + channel])
          squares[channel] += value * value
        }
      }
    }
    real = parts.real.part(geometry)
    padded = parts.padded.part(geometry)
    let largest = squares.lazy.filter(\.isFinite).max() ?? 0
    scale = (largest / Double(max(1, realRuns))).squareRoot()
  }

  /// What is added up over the runs of one part.
  private struct Sums {
    var part = Part()
    var errorSquares = 0.0
    var expectedSquares = 0.0
    var worst: (run: Int, channel: Int)?

    mutating func add<A: BinaryFloatingPoint, B: BinaryFloatingPoint>(
      _ values: [A], _ expected: [B], _ range: Range<Int>, _ run: Int
    ) {
      part.count += range.count
      for index in range {
        let value = Double(values[index])
        let wanted = Double(expected[index])
        let difference = abs(value - wanted)
        guard difference.isFinite else {
          if part.nonFinite == 0 { worst = (run, index - range.lowerBound) }
          part.nonFinite += (value.isFinite ? 0 : 1) + (wanted.isFinite ? 0 : 1)
          part.maxAbs = .infinity
          continue
        }
        if difference > part.maxAbs || worst == nil {
          part.maxAbs = max(part.maxAbs, difference)
          worst = (run, index - range.lowerBound)
        }
        errorSquares += difference * difference
        expectedSquares += wanted * wanted
      }
    }

    func part(_ geometry: StageGeometry) -> Part {
      var result = part
      // Against nothing but zeros any difference is all there is.
      result.relL2 =
        part.nonFinite > 0
        ? .infinity
        : errorSquares == 0
          ? 0 : expectedSquares == 0 ? 1 : (errorSquares / expectedSquares).squareRoot()
      result.worst = worst.map { geometry.location(run: $0.run, channel: $0.channel) }
      return result
    }
  }
}
