internal import AlbertArchitecture

/// The tokens that a pass computes, packed: those of a sequence follow one another, sequence by sequence.
struct Tokens {
  /// The places of the tokens in the inputs, rising; nil where all are computed.
  private let places: [Int]?
  /// The first token of each sequence, and the end of the last one.
  let starts: [Int]

  /// The tokens of all `inputs`, or without their padding.
  ///
  /// A sequence's first token is kept even where it is padding, since the pooler reads it, and so are a
  /// sequence of nothing else and the tokens at the places `kept`.
  init(_ inputs: ModelInputs, withoutPadding: Bool, keeping kept: Set<Int> = []) {
    guard withoutPadding, inputs.attentionMask.contains(0) else {
      places = nil
      starts = (0...inputs.sequences).map { $0 * inputs.sequence }
      return
    }
    var places: [Int] = []
    var starts = [0]
    for sequence in 0..<inputs.sequences {
      let all = sequence * inputs.sequence..<(sequence + 1) * inputs.sequence
      let isEmpty = all.allSatisfy(inputs.isPadding)
      places += all.filter {
        isEmpty || $0 == all.lowerBound || !inputs.isPadding($0) || kept.contains($0)
      }
      starts.append(places.count)
    }
    self.places = places
    self.starts = starts
  }

  /// How many there are.
  var count: Int { starts[starts.count - 1] }
  /// Sequences.
  var sequences: Int { starts.count - 1 }
  /// The most tokens of a sequence.
  var longest: Int { (0..<sequences).map { starts[$0 + 1] - starts[$0] }.max() ?? 0 }
  /// Whether tokens of the inputs are left out.
  var arePacked: Bool { places != nil }

  /// Where in the inputs a token is.
  func place(_ token: Int) -> Int { places?[token] ?? token }

  /// The token at a place of the inputs; nil where it is not computed.
  func token(at place: Int) -> Int? {
    guard let places else { return place }
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle] < place { low = middle + 1 } else { high = middle }
    }
    return low < places.count && places[low] == place ? low : nil
  }
}

extension Tokens {
  /// Tokens whose places follow one another.
  struct Run {
    let first: Int
    let place: Int
    var count: Int
  }

  /// All tokens, in as few runs as they make.
  var runs: [Run] {
    guard let places else { return [Run(first: 0, place: 0, count: count)] }
    var runs: [Run] = []
    for (token, place) in places.enumerated() {
      if let last = runs.last, last.place + last.count == place {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(Run(first: token, place: place, count: 1))
      }
    }
    return runs
  }
}
