/// A text on its way through normalisation: its scalars, each with the part of the original that it
/// came from.
struct AlignedText: Sendable {
  /// A part of the original, counted in its scalars.
  struct Source: Equatable, Sendable {
    var start: Int32
    var end: Int32
  }

  private(set) var scalars: [Unicode.Scalar] = []
  private(set) var sources: [Source] = []

  init() {}

  /// The text as it stands, `Tokenizer.longestText` scalars of it, so that each has a place in 31 bits.
  init(_ text: String) {
    scalars = Array(text.unicodeScalars.prefix(Tokenizer.longestText))
    sources = scalars.indices.map {
      Source(start: Int32(truncatingIfNeeded: $0), end: Int32(truncatingIfNeeded: $0 + 1))
    }
  }

  var count: Int { scalars.count }
  var isEmpty: Bool { scalars.isEmpty }

  var string: String { String(String.UnicodeScalarView(scalars)) }

  /// The scalars of `range`, with their sources.
  subscript(range: Range<Int>) -> AlignedText {
    var part = AlignedText()
    part.scalars = Array(scalars[range])
    part.sources = Array(sources[range])
    return part
  }

  /// The part of the original that the scalars came from; empty where there are none.
  var source: Source {
    guard let first = sources.first, let last = sources.last else {
      return Source(start: 0, end: 0)
    }
    return .joined(first, last)
  }

  mutating func append(_ scalar: Unicode.Scalar, _ source: Source) {
    scalars.append(scalar)
    sources.append(source)
  }

  mutating func append(_ other: AlignedText) {
    scalars += other.scalars
    sources += other.sources
  }

  mutating func reserve(_ count: Int) {
    scalars.reserveCapacity(count)
    sources.reserveCapacity(count)
  }

  /// Puts `scalar` in the place of another, whose source it has.
  mutating func replace(_ index: Int, by scalar: Unicode.Scalar) { scalars[index] = scalar }

  mutating func removeLast() {
    scalars.removeLast()
    sources.removeLast()
  }

  /// Each scalar replaced by what `transform` says, which may be more than one or none.
  func flatMap(_ transform: (Unicode.Scalar, (Unicode.Scalar) -> Void) -> Void) -> AlignedText {
    var result = AlignedText()
    result.reserve(count)
    for index in scalars.indices {
      let source = sources[index]
      transform(scalars[index]) { result.append($0, source) }
    }
    return result
  }

  /// The scalars that `isKept` accepts.
  func filter(_ isKept: (Unicode.Scalar) -> Bool) -> AlignedText {
    if scalars.allSatisfy(isKept) { return self }
    return flatMap { scalar, emit in if isKept(scalar) { emit(scalar) } }
  }

  /// With a space on both sides of each scalar that `isApart` accepts.
  func spacing(_ isApart: (Unicode.Scalar) -> Bool) -> AlignedText {
    flatMap { scalar, emit in
      let isApart = isApart(scalar)
      if isApart { emit(" ") }
      emit(scalar)
      if isApart { emit(" ") }
    }
  }

  /// Without leading and trailing scalars that `isSpace` accepts.
  func trimmed(
    left: Bool = true, right: Bool = true, _ isSpace: (Unicode.Scalar) -> Bool
  ) -> AlignedText {
    var range = 0..<count
    while left, let first = range.first, isSpace(scalars[first]) { range = first + 1..<count }
    while right, let last = range.last, isSpace(scalars[last]) {
      range = range.lowerBound..<last
    }
    return range.count == count ? self : self[range]
  }

  /// Whether `pattern` begins at `index`.
  func matches(_ pattern: [Unicode.Scalar], at index: Int) -> Bool {
    guard index + pattern.count <= count else { return false }
    for offset in pattern.indices where scalars[index + offset] != pattern[offset] { return false }
    return true
  }

  /// Every `pattern`, from left to right, replaced by `replacement`, which comes from the part of
  /// the original that `source` makes of the pattern's.
  func replacing(
    _ pattern: [Unicode.Scalar], with replacement: [Unicode.Scalar],
    source: (Source, Source) -> Source
  ) -> AlignedText {
    guard let first = pattern.first, scalars.contains(first) else { return self }
    var result = AlignedText()
    result.reserve(count)
    var index = 0
    while index < count {
      if matches(pattern, at: index) {
        let origin = source(sources[index], sources[index + pattern.count - 1])
        for scalar in replacement { result.append(scalar, origin) }
        index += pattern.count
      } else {
        result.append(scalars[index], sources[index])
        index += 1
      }
    }
    return result
  }
}

extension AlignedText.Source {
  /// From the start of the one to the end of the other.
  static func joined(_ first: Self, _ last: Self) -> Self {
    Self(start: first.start, end: last.end)
  }

  /// As Hugging Face's tokenizers align what they insert: with the scalar before.
  static func last(_ first: Self, _ last: Self) -> Self { last }
}
