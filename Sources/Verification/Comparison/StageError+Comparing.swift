internal import AlbertArchitecture
internal import AlbertTensors

extension StageError {
  /// Compares `values` with `expected`, of equal shape.
  init<Number: BinaryFloatingPoint>(
    _ values: [Number], expected: [Double], _ geometry: StageGeometry
  ) {
    self.init(
      values, expected: expected, width: geometry.runLength, isPadding: geometry.isPadding,
      location: geometry.location)
  }

  /// Compares arrays of `shape` of which nothing is known but that their last axis is channels.
  init(_ values: [Double], expected: [Double], _ shape: Shape) {
    let d = shape.dimensions
    let rows = d.dropFirst().dropLast().reduce(1, *)
    self.init(
      values, expected: expected, width: max(1, d.last ?? 1), isPadding: { _ in false },
      location: { run, channel in
        ElementLocation(
          batch: d.count < 2 ? 0 : run / max(1, rows),
          token: d.count < 3 ? nil : run % max(1, rows),
          channel: channel)
      })
  }

  private init<Number: BinaryFloatingPoint>(
    _ values: [Number], expected: [Double], width: Int, isPadding: (Int) -> Bool,
    location: (Int, Int) -> ElementLocation
  ) {
    precondition(values.count == expected.count, "stages of different sizes are not compared")
    var parts = (real: Sums(), padded: Sums())
    for run in 0..<values.count / width {
      let range = run * width..<(run + 1) * width
      if isPadding(run) {
        parts.padded.add(values, expected, range, run)
      } else {
        parts.real.add(values, expected, range, run)
      }
    }
    real = parts.real.part(location)
    padded = parts.padded.part(location)
    scale = expected.meanSquares(width: width, isPadding: isPadding).largestRoot
  }

  /// What is added up over the runs of one part.
  private struct Sums {
    var part = Part()
    var errorSquares = 0.0
    var expectedSquares = 0.0
    var worst: (run: Int, channel: Int)?

    mutating func add<Number: BinaryFloatingPoint>(
      _ values: [Number], _ expected: [Double], _ range: Range<Int>, _ run: Int
    ) {
      part.count += range.count
      for index in range {
        let value = Double(values[index])
        let wanted = expected[index]
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

    func part(_ location: (Int, Int) -> ElementLocation) -> Part {
      var result = part
      // Against nothing but zeros any difference is all there is.
      result.relL2 =
        part.nonFinite > 0
        ? .infinity
        : errorSquares == 0
          ? 0 : expectedSquares == 0 ? 1 : (errorSquares / expectedSquares).squareRoot()
      result.worst = worst.map { location($0.run, $0.channel) }
      return result
    }
  }
}
