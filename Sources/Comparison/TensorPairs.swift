internal import AlbertBytes
internal import AlbertTensors

/// All tensors of two checkpoints, paired by what they are.
struct TensorPairs {
  /// What stands where in the result.
  private enum Row {
    case pair(TensorPair)
    case alone(TensorComparison)
  }

  private let a: Checkpoint
  private let b: Checkpoint
  private let rows: [Row]

  init(_ a: Checkpoint, _ b: Checkpoint) {
    self.a = a
    self.b = b
    // Parameters have one name everywhere; what is not an ALBERT has only those of its file.
    let asModel = a.inspection != nil && b.inspection != nil
    let (mine, theirs) = (a.items(asModel: asModel), b.items(asModel: asModel))
    let others = Dictionary(firstOfEach: theirs.map { ($0.key, $0) })
    let known = Set(mine.map(\.key))
    let (aDigests, bDigests) = (a.digests, b.digests)
    rows =
      mine.map { item in
        guard let other = others[item.key] else { return .alone(.init(onlyInA: item)) }
        return .pair(
          TensorPair(
            a: item, b: other,
            digests: (aDigests[item.stored.name], bDigests[other.stored.name])))
      }
      + theirs.filter { !known.contains($0.key) }.map { .alone(.init(onlyInB: $0)) }
  }

  /// Compares all pairs, the largest first, with two workers.
  func compare(_ observer: WorkObserver) throws(FileError) -> [TensorComparison] {
    guard let mine = a.archive, let theirs = b.archive else { return [] }
    let pairs = rows.enumerated().compactMap { index, row -> (index: Int, pair: TensorPair)? in
      if case .pair(let pair) = row { (index, pair) } else { nil }
    }.ordered { $0.pair.byteCount > $1.pair.byteCount }
    let total = pairs.reduce(0) { $0 + $1.pair.byteCount }
    let path = a.path.string
    let tally = WorkTally(of: total, observer.progress)
    let compared = try Machine.map(pairs.count, atMost: 2) { (place) throws(FileError) in
      let pair = pairs[place].pair
      let result = try pair.compare(mine, theirs) { () throws(FileError) in
        try observer.check(path)
      }
      tally.add(pair.byteCount)
      return result
    }
    let results = Dictionary(uniqueKeysWithValues: zip(pairs.map(\.index), compared))
    return rows.enumerated().compactMap { index, row in
      if case .alone(let result) = row { result } else { results[index] }
    }
  }
}
