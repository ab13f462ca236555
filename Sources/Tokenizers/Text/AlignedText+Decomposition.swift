internal import CAlbertUTF8Proc

/// Unicode's four normal forms.
enum NormalForm: String, Sendable {
  case nfc = "NFC"
  case nfd = "NFD"
  case nfkc = "NFKC"
  case nfkd = "NFKD"

  var isCompatible: Bool { self == .nfkc || self == .nfkd }
  var isComposed: Bool { self == .nfc || self == .nfkc }
}

extension AlignedText {
  /// The text in a normal form.
  ///
  /// Each part of a decomposition comes from the character that it is part of. What `isKnown` denies
  /// stays as it is, a starter.
  func normalized(
    _ form: NormalForm, isKnown: (Unicode.Scalar) -> Bool = { _ in true }
  ) -> AlignedText {
    if scalars.allSatisfy({ $0.value < 0x80 }) { return self }
    let decomposed = decomposed(isCompatible: form.isCompatible, isKnown)
    return form.isComposed ? decomposed.composed(isKnown) : decomposed
  }

  private func decomposed(
    isCompatible: Bool, _ isKnown: (Unicode.Scalar) -> Bool
  ) -> AlignedText {
    var result = AlignedText()
    result.reserve(count)
    // Marks behind the last scalar of class 0, which are put in order of their classes.
    var marks: [(scalar: Unicode.Scalar, source: Source, rank: UInt8)] = []
    func flush() {
      guard !marks.isEmpty else { return }
      // Equal classes keep their order; a sort by rank and place is stable.
      for index in marks.indices.ordered(by: { marks[$0].rank < marks[$1].rank }) {
        result.append(marks[index].scalar, marks[index].source)
      }
      marks.removeAll(keepingCapacity: true)
    }
    var buffer = Array(repeating: UInt32(0), count: Int(ALBERTKIT_LONGEST_DECOMPOSITION))
    for index in scalars.indices {
      let source = sources[index]
      guard scalars[index].value < 0x300 || isKnown(scalars[index]) else {
        flush()
        result.append(scalars[index], source)
        continue
      }
      scalars[index].decompose(isCompatible: isCompatible, &buffer) { scalar in
        let rank = scalar.value < 0x300 ? 0 : scalar.properties.canonicalCombiningClass.rawValue
        if rank == 0 {
          flush()
          result.append(scalar, source)
        } else {
          marks.append((scalar, source, rank))
        }
      }
    }
    flush()
    return result
  }

  /// Starters and the marks behind them composed, where nothing of the same class stands between.
  private func composed(_ isKnown: (Unicode.Scalar) -> Bool) -> AlignedText {
    var result = AlignedText()
    result.reserve(count)
    var starter: Int?
    var lastRank: UInt8 = 0
    for index in scalars.indices {
      let scalar = scalars[index]
      let rank =
        scalar.value < 0x300 || !isKnown(scalar)
        ? 0 : scalar.properties.canonicalCombiningClass.rawValue
      if let place = starter {
        let isNext = place == result.count - 1
        if isNext || (lastRank < rank && lastRank != 0),
          let pair = Unicode.Scalar.composed(result.scalars[place], scalar), isKnown(pair)
        {
          result.replace(place, by: pair)
          continue
        }
      }
      result.append(scalar, sources[index])
      if rank == 0 { starter = result.count - 1 }
      lastRank = rank
    }
    return result
  }
}

extension Unicode.Scalar {
  /// Hands over the scalars of the full decomposition; `buffer` has room for the longest.
  fileprivate func decompose(
    isCompatible: Bool, _ buffer: inout [UInt32], _ emit: (Unicode.Scalar) -> Void
  ) {
    guard value >= 0xA0 else { return emit(self) }
    let count = unsafe albertkit_decompose(value, isCompatible, &buffer)
    for part in buffer.prefix(Int(count)) { emit(Unicode.Scalar(part) ?? self) }
  }

  /// The canonical composition of two scalars, where there is one.
  static func composed(_ first: Self, _ second: Self) -> Self? {
    let value = albertkit_compose(first.value, second.value)
    return value == 0 ? nil : Unicode.Scalar(value)
  }
}
