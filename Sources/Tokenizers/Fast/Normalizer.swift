/// A step of the tokenizers library that changes a text.
indirect enum Normalizer: Sendable {
  case sequence([Normalizer])
  case replace(ReplacePattern, with: [Unicode.Scalar])
  case form(NormalForm)
  case stripAccents
  case strip(left: Bool, right: Bool)
  case lowercase
  case nmt
  case precompiled(CharacterMap)
  case prepend([Unicode.Scalar])
  case bert(BERTNormalizer)

  func normalize(_ text: AlignedText) -> AlignedText {
    switch self {
    case .sequence(let steps): steps.reduce(text) { $1.normalize($0) }
    case .replace(let pattern, let replacement): pattern.replace(in: text, with: replacement)
    case .form(let form): text.normalized(form, isKnown: \.isInNormalizerOfRust)
    case .stripAccents: text.filter { !$0.isMarkInRust }
    case .strip(let left, let right): text.trimmed(left: left, right: right) { $0.isSpace }
    case .lowercase: text.lowercased
    case .nmt: NMTNormalizer.normalize(text)
    case .precompiled(let map): text.mapped(by: map)
    case .prepend(let scalars): text.prepending(scalars)
    case .bert(let rules): rules.normalize(text)
    }
  }
}

/// What `Replace` looks for: a string, or one of the few regular expressions that tokenizers hold.
enum ReplacePattern: Sendable {
  case literal([Unicode.Scalar])
  /// At least `least` of the same character.
  case run(of: Unicode.Scalar, least: Int)
  /// At least `least` characters of white space.
  case space(least: Int)

  /// Reads ` {2,}`, ` +`, `\s+` and the like; nil for any other regular expression.
  init?(expression: String) {
    var rest = Substring(expression).unicodeScalars
    let isSpace = rest.starts(with: "\\s".unicodeScalars)
    guard let first = rest.popFirst() else { return nil }
    if isSpace { rest.removeFirst() }
    guard isSpace || !Self.hasMeaning.contains(first) else { return nil }
    let least: Int
    switch String(rest) {
    case "": least = 0
    case "+": least = 1
    case "{2,}": least = 2
    case "{3,}": least = 3
    default: return nil
    }
    if least == 0 {
      guard !isSpace else { return nil }
      self = .literal([first])
    } else {
      self = isSpace ? .space(least: least) : .run(of: first, least: least)
    }
  }

  private static let hasMeaning = Array("\\^$.|?*+()[]{}".unicodeScalars)

  func replace(in text: AlignedText, with replacement: [Unicode.Scalar]) -> AlignedText {
    switch self {
    case .literal(let pattern):
      text.replacing(pattern, with: replacement, source: AlignedText.Source.last)
    case .run(let scalar, let least):
      text.replacingRuns(of: { $0 == scalar }, least: least, with: replacement)
    case .space(let least):
      text.replacingRuns(of: { $0.isSpace }, least: least, with: replacement)
    }
  }
}

/// SentencePiece's cleaning of text for translation (`nmt_nfkc`) as the tokenizers library has it.
enum NMTNormalizer {
  static func normalize(_ text: AlignedText) -> AlignedText {
    text.filter { !isControl($0.value) }
      .flatMap { scalar, emit in emit(isSpace(scalar.value) ? " " : scalar) }
  }

  private static func isControl(_ value: UInt32) -> Bool {
    switch value {
    case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: true
    default: false
    }
  }

  private static func isSpace(_ value: UInt32) -> Bool {
    switch value {
    case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
      true
    default: false
    }
  }
}

/// BERT's cleaning as the tokenizers library has it.
struct BERTNormalizer: Sendable {
  var cleans = true
  var separatesChinese = true
  var stripsAccents: Bool?
  var lowercases = true

  func normalize(_ text: AlignedText) -> AlignedText {
    var text = text
    if cleans {
      text = text.filter { scalar in
        scalar.value != 0 && scalar.value != 0xFFFD
          && (!scalar.isOtherInRust || scalar == "\t" || scalar == "\n" || scalar == "\r")
      }
      text = text.flatMap { scalar, emit in emit(scalar.isSpace ? " " : scalar) }
    }
    if separatesChinese { text = text.spacing { $0.isChineseInRust } }
    if stripsAccents ?? lowercases {
      text = text.normalized(.nfd, isKnown: \.isInNormalizerOfRust)
        .filter { !$0.isNonspacingMarkInRust }
    }
    return lowercases ? text.lowercased : text
  }
}

extension AlignedText {
  /// Every run of at least `least` scalars that `fits` accepts, replaced.
  func replacingRuns(
    of fits: (Unicode.Scalar) -> Bool, least: Int, with replacement: [Unicode.Scalar]
  ) -> AlignedText {
    var result = AlignedText()
    result.reserve(count)
    var index = 0
    while index < count {
      var end = index
      while end < count, fits(scalars[end]) { end += 1 }
      if end - index >= least, end > index {
        for scalar in replacement { result.append(scalar, sources[end - 1]) }
        index = end
      } else {
        let stop = max(end, index + 1)
        result.append(self[index..<stop])
        index = stop
      }
    }
    return result
  }

  /// With `scalars` in front, unless the text is empty.
  func prepending(_ scalars: [Unicode.Scalar]) -> AlignedText {
    guard let first = sources.first else { return self }
    var result = AlignedText()
    result.reserve(count + scalars.count)
    for scalar in scalars { result.append(scalar, first) }
    result.append(self)
    return result
  }

  /// By a precompiled character map, as the tokenizers library applies it: a grapheme cluster of less
  /// than 6 bytes becomes what its shortest beginning is mapped to, all of it; of others each
  /// character is looked up.
  func mapped(by map: CharacterMap) -> AlignedText {
    var result = AlignedText()
    result.reserve(count)
    var start = 0
    for cluster in string {
      let range = start..<start + cluster.unicodeScalars.count
      start = range.upperBound
      if cluster.utf8.count < 6, let mapped = map.first(in: scalars[range]) {
        result.append(mapped, sources[range])
        continue
      }
      for index in range {
        if let mapped = map.first(in: scalars[index...index]) {
          result.append(mapped, sources[index...index])
        } else {
          result.append(scalars[index], sources[index])
        }
      }
    }
    return result
  }

  /// What a group of scalars became: one by one, and what is more like the last.
  private mutating func append(_ mapped: [Unicode.Scalar], _ group: ArraySlice<Source>) {
    for (offset, scalar) in mapped.enumerated() {
      append(scalar, group[min(group.startIndex + offset, group.endIndex - 1)])
    }
  }
}
