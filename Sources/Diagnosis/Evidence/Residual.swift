internal import AlbertArchitecture
internal import AlbertTensors

/// How far a computed stage is from the recorded one, over real tokens, sequence by sequence.
struct Residual {
  /// One sequence's.
  struct Row {
    let sequence: Int
    /// The sum of the squared differences.
    var squares = 0.0
    /// The largest absolute difference; infinite where a value is not a finite number.
    var largest = 0.0
    /// Values compared.
    var count = 0
    /// Values of the worst token, and those of them that are wrong by a considerable share of the
    /// worst.
    var worst: (count: Int, wrong: Int) = (0, 0)
  }

  private(set) var rows: [Row] = []

  /// Compares `computed`, the values of `sequences`, with what was recorded for them.
  ///
  /// With `stride` only one channel in so many of a token is looked at.
  init<Element: BinaryFloatingPoint>(
    _ computed: [Element], _ entry: GoldenOutputs.Entry, _ sequences: [Int],
    _ golden: GoldenOutputs,
    stride: Int = 1
  ) {
    let total = golden.inputs.sequences
    let geometry = entry.geometry
    let width = max(1, geometry.runLength)
    let runs = entry.values.count / total / width
    for (place, sequence) in sequences.enumerated() {
      var row = Row(sequence: sequence)
      for run in 0..<runs where !geometry.isPadding(run: sequence * runs + run) {
        let from = (place * runs + run) * width
        let wanted = (sequence * runs + run) * width
        var differences: [Double] = []
        for channel in Swift.stride(from: 0, to: width, by: stride) {
          let difference = abs(Double(computed[from + channel]) - entry.values[wanted + channel])
          differences.append(difference)
        }
        row.add(differences)
      }
      rows.append(row)
    }
  }

  /// Whether only some numbers of a token are wrong, which no other weights or computation do: every
  /// stage mixes all features of a token.
  func isSparse(_ allowed: Double, _ stage: Stage) -> Bool {
    if case .attentions = stage { return false }
    return rows.filter { $0.largest > allowed }.allSatisfy {
      $0.worst.count >= Policy.sparseWidth
        && Double($0.worst.wrong) < Policy.sparseShare * Double($0.worst.count)
    }
  }

  /// The norm of the difference; infinite where a value is not a finite number.
  var norm: Double {
    let squares = rows.reduce(0) { $0 + $1.squares }
    return squares.isFinite ? squares.squareRoot() : .infinity
  }

  /// The root mean square difference of some sequences.
  func error(of sequences: [Int]) -> Double {
    let chosen = rows.filter { sequences.contains($0.sequence) }
    let count = chosen.reduce(0) { $0 + $1.count }
    let squares = chosen.reduce(0) { $0 + $1.squares }
    return squares.isFinite ? (squares / Double(max(1, count))).squareRoot() : .infinity
  }

  /// The largest difference.
  var largest: Double { rows.lazy.map(\.largest).max() ?? 0 }

  /// Values compared.
  var count: Int { rows.reduce(0) { $0 + $1.count } }

  /// Sequences whose largest difference exceeds what is allowed.
  func failing(_ allowed: Double) -> [Int] {
    rows.filter { $0.largest > allowed }.map(\.sequence)
  }
}

extension Residual.Row {
  /// Adds the differences of one token.
  fileprivate mutating func add(_ differences: [Double]) {
    var most = 0.0
    for difference in differences {
      squares += difference * difference
      most = difference.isFinite ? max(most, difference) : .infinity
    }
    count += differences.count
    if most > largest {
      worst = (differences.count, differences.count { $0 >= Policy.sparseError * most })
    }
    largest = max(largest, most)
  }
}
