internal import AlbertBytes
internal import AlbertJSON

/// Reads `tokenizer.json`; each part's kind stands under `type`, and one that is not known is refused
/// by its name.
struct PipelineFile {
  private let root: JSONValue
  /// The vocabulary where it is long, and is not taken apart into values.
  private let vocabulary: JSONPart?
  private let path: String

  init(_ bytes: [UInt8], path: String) throws(FileError) {
    let outline = try JSONValue.outline(
      bytes, path: path, leaving: JSONOutline.Rule(within: "model", longerThan: 128),
      clampsIntegers: true, tellsFormsApart: true)
    root = outline.value
    vocabulary = outline.parts["vocab"]
    self.path = path
    guard root["model"]?.members != nil else {
      throw FileError(path, .malformed("it has no 'model', so that it is no tokenizer's file"))
    }
  }

  func pipeline() throws(FileError) -> Pipeline {
    var added: [AddedToken] = []
    for value in root["added_tokens"]?.elements ?? [] {
      guard let token = AddedToken(value) else { throw malformed("an added token has no content") }
      added.append(token)
    }
    return Pipeline(
      model: try model(root["model"] ?? .null),
      normalizer: try optional("normalizer") { (value) throws(FileError) in try normalizer(value) },
      preTokenizer: try optional("pre_tokenizer") { (value) throws(FileError) in
        try preTokenizer(value)
      },
      decoder: try optional("decoder") { (value) throws(FileError) in try decoder(value) },
      template: try optional("post_processor") { (value) throws(FileError) in
        try template(value)
      } ?? .bare,
      added: added)
  }

  private func model(_ value: JSONValue) throws(FileError) -> any FastModel {
    let isList =
      vocabulary.map { $0.text.first == UInt8(ascii: "[") } ?? (value["vocab"]?.elements != nil)
    let hasMerges = value["merges"] != nil
    let kind = value["type"]?.string ?? (isList ? "Unigram" : hasMerges ? "BPE" : "WordPiece")
    switch kind {
    case "Unigram":
      let pieces = try scoredPieces(value)
      guard let unknown = value["unk_id"]?.integer else { throw malformed("there is no unk_id") }
      return try FastUnigram(
        pieces, unknownID: unknown, hasByteFallback: value["byte_fallback"]?.bool ?? false,
        path: path)
    case "WordPiece":
      return try WordPiece(
        try numberedPieces(value), unknown: value["unk_token"]?.string ?? "[UNK]",
        continuation: value["continuing_subword_prefix"]?.string ?? "##",
        longestWord: value["max_input_chars_per_word"]?.integer ?? 100, path: path)
    default: throw unsupported("model", kind)
    }
  }

  /// The vocabulary as a value, from which what is wrong with it can be said.
  private func vocabularyValue(_ model: JSONValue) throws(FileError) -> JSONValue? {
    guard let vocabulary else { return model["vocab"] }
    return try JSONValue.parse(
      Array(vocabulary.text), path: path, offset: vocabulary.range.lowerBound, clampsIntegers: true,
      tellsFormsApart: true)
  }

  /// The pieces of a unigram model.
  private func scoredPieces(
    _ model: JSONValue
  ) throws(FileError) -> [(text: String, score: Double)] {
    if let pairs = vocabulary?.pairs() { return pairs.map { ($0.text, $0.number) } }
    var pieces: [(text: String, score: Double)] = []
    for (id, row) in (try vocabularyValue(model)?.elements ?? []).enumerated() {
      guard let cells = row.elements, cells.count == 2, let text = cells[0].string,
        let score = cells[1].double
      else { throw malformed("piece \(id) is not a string and a number") }
      pieces.append((text, score))
    }
    return pieces
  }

  /// The pieces of a WordPiece model by their ids.
  private func numberedPieces(_ model: JSONValue) throws(FileError) -> [String?] {
    let rows: [(key: String, integer: Int?)]
    if let integers = vocabulary?.integers() {
      rows = integers.map { ($0.key, $0.integer) }
    } else {
      rows = (try vocabularyValue(model)?.members ?? []).map { ($0.key, $0.value.integer) }
    }
    var pieces: [String?] = Array(repeating: nil, count: rows.count)
    for (key, id) in rows {
      guard let id, id >= 0, id <= TokenVocabulary.largestID else {
        throw malformed("the id of '\(key)' is not a number in range")
      }
      if id >= pieces.count { pieces += Array(repeating: nil, count: id + 1 - pieces.count) }
      pieces[id] = key
    }
    return pieces
  }

  private func normalizer(_ value: JSONValue) throws(FileError) -> Normalizer {
    switch kind(value) {
    case "Sequence":
      return .sequence(
        try list(value["normalizers"]) { (value) throws(FileError) in try normalizer(value) })
    case "Replace":
      let content = Array((value["content"]?.string ?? "").unicodeScalars)
      if let text = value["pattern"]?["String"]?.string {
        return .replace(.literal(Array(text.unicodeScalars)), with: content)
      }
      let expression = value["pattern"]?["Regex"]?.string ?? ""
      guard let pattern = ReplacePattern(expression: expression) else {
        throw unsupported("normalizer", "Replace of '\(expression)'")
      }
      return .replace(pattern, with: content)
    case "NFC": return .form(.nfc)
    case "NFD": return .form(.nfd)
    case "NFKC": return .form(.nfkc)
    case "NFKD": return .form(.nfkd)
    case "StripAccents": return .stripAccents
    case "Lowercase": return .lowercase
    case "Nmt": return .nmt
    case "Strip":
      return .strip(
        left: value["strip_left"]?.bool ?? true, right: value["strip_right"]?.bool ?? true)
    case "Prepend": return .prepend(Array((value["prepend"]?.string ?? "").unicodeScalars))
    case "Precompiled":
      guard let text = value["precompiled_charsmap"]?.string, let blob = [UInt8](base64: text)
      else { throw malformed("precompiled_charsmap is not base64") }
      return .precompiled(try CharacterMap(blob, path: path))
    case "BertNormalizer":
      return .bert(
        BERTNormalizer(
          cleans: value["clean_text"]?.bool ?? true,
          separatesChinese: value["handle_chinese_chars"]?.bool ?? true,
          stripsAccents: value["strip_accents"]?.bool,
          lowercases: value["lowercase"]?.bool ?? true))
    case let kind: throw unsupported("normalizer", kind)
    }
  }

  private func preTokenizer(_ value: JSONValue) throws(FileError) -> PreTokenizer {
    switch kind(value) {
    case "Sequence":
      return .sequence(
        try list(value["pretokenizers"]) { (value) throws(FileError) in try preTokenizer(value) })
    case "WhitespaceSplit": return .whitespaceSplit
    case "Whitespace": return .whitespace
    case "BertPreTokenizer": return .bert
    case "Punctuation":
      let behaviour = value["behavior"]?.string ?? "Isolated"
      guard behaviour == "Isolated" else {
        throw unsupported("pre-tokenizer", "Punctuation, \(behaviour)")
      }
      return .punctuation
    case "Digits": return .digits(isIndividual: value["individual_digits"]?.bool ?? false)
    case "Metaspace":
      let usual = value["add_prefix_space"]?.bool ?? true ? "always" : "never"
      let scheme = value["prepend_scheme"]?.string ?? usual
      guard let prepends = PreTokenizer.Metaspace.Prepends(rawValue: scheme) else {
        throw unsupported("pre-tokenizer", "Metaspace, \(scheme)")
      }
      return .metaspace(
        PreTokenizer.Metaspace(
          replacement: try mark(value), prepends: prepends, splits: value["split"]?.bool ?? true))
    case let kind: throw unsupported("pre-tokenizer", kind)
    }
  }

  private func decoder(_ value: JSONValue) throws(FileError) -> Decoder {
    switch kind(value) {
    case "Sequence":
      return .sequence(
        try list(value["decoders"]) { (value) throws(FileError) in try decoder(value) })
    case "Metaspace":
      let usual = value["add_prefix_space"]?.bool ?? true ? "always" : "never"
      return .metaspace(
        try mark(value), prepends: value["prepend_scheme"]?.string ?? usual != "never")
    case "WordPiece":
      return .wordPiece(
        prefix: value["prefix"]?.string ?? "##", cleansUp: value["cleanup"]?.bool ?? true)
    case "Replace":
      guard let text = value["pattern"]?["String"]?.string else {
        throw unsupported("decoder", "Replace of a regular expression")
      }
      return .replace(
        Array(text.unicodeScalars), with: Array((value["content"]?.string ?? "").unicodeScalars))
    case "ByteFallback": return .byteFallback
    case "Fuse": return .fuse
    case "Strip":
      guard let scalar = value["content"]?.string?.unicodeScalars.first else {
        throw malformed("the decoder Strip has no content")
      }
      let most = 1 << 16
      return .strip(
        scalar, start: max(0, min(value["start"]?.integer ?? 0, most)),
        stop: max(0, min(value["stop"]?.integer ?? 0, most)))
    case let kind: throw unsupported("decoder", kind)
    }
  }

  private func template(_ value: JSONValue) throws(FileError) -> Template {
    switch kind(value) {
    case "TemplateProcessing":
      let tokens = value["special_tokens"]
      return Template(
        single: try elements(value["single"], tokens), pair: try elements(value["pair"], tokens))
    case "BertProcessing", "RobertaProcessing":
      func token(_ name: String, _ type: Int) throws(FileError) -> Template.Element {
        guard let cells = value[name]?.elements, cells.count == 2, let piece = cells[0].string,
          let id = cells[1].integer
        else { throw malformed("the post-processor's '\(name)' is not a token and its id") }
        return .special(id: id, piece: piece, type: type)
      }
      let isBERT = kind(value) == "BertProcessing"
      let single = [try token("cls", 0), .text(0, type: 0), try token("sep", 0)]
      let second = isBERT ? 1 : 0
      let join = isBERT ? [] : [try token("sep", 0)]
      return Template(
        single: single,
        pair: single + join + [.text(1, type: second), try token("sep", second)])
    case let kind: throw unsupported("post-processor", kind)
    }
  }

  private func elements(
    _ value: JSONValue?, _ tokens: JSONValue?
  ) throws(FileError) -> [Template.Element] {
    var elements: [Template.Element] = []
    for place in value?.elements ?? [] {
      if let text = place["Sequence"] {
        elements.append(
          .text(text["id"]?.string == "B" ? 1 : 0, type: text["type_id"]?.integer ?? 0))
      } else if let token = place["SpecialToken"], let name = token["id"]?.string {
        guard let ids = tokens?[name]?["ids"]?.elements?.compactMap(\.integer),
          let spellings = tokens?[name]?["tokens"]?.elements?.compactMap(\.string),
          ids.count == spellings.count
        else { throw malformed("the template names '\(name)', which special_tokens lack") }
        for (id, piece) in zip(ids, spellings) {
          elements.append(.special(id: id, piece: piece, type: token["type_id"]?.integer ?? 0))
        }
      } else {
        throw malformed("the template has an element that is neither a text nor a token")
      }
    }
    return elements
  }

  private func mark(_ value: JSONValue) throws(FileError) -> Unicode.Scalar {
    let text = value["replacement"]?.string ?? String(Unicode.Scalar.metaspace)
    guard let mark = text.unicodeScalars.first, text.unicodeScalars.count == 1 else {
      throw malformed("a Metaspace's replacement is not one character")
    }
    return mark
  }

  private func kind(_ value: JSONValue) -> String { value["type"]?.string ?? "without a type" }

  private func optional<Part>(
    _ name: String, _ read: (JSONValue) throws(FileError) -> Part
  ) throws(FileError) -> Part? {
    guard let value = root[name], value != .null else { return nil }
    return try read(value)
  }

  private func list<Part>(
    _ value: JSONValue?, _ read: (JSONValue) throws(FileError) -> Part
  ) throws(FileError) -> [Part] {
    var parts: [Part] = []
    for element in value?.elements ?? [] { parts.append(try read(element)) }
    return parts
  }

  private func malformed(_ what: String) -> FileError { FileError(path, .malformed(what)) }

  private func unsupported(_ part: String, _ kind: String) -> FileError {
    FileError(
      path, .unsupported("the \(part) '\(kind)'"),
      // A file of the same tokenizer would hold the same model.
      remedy: part == "model"
        ? TokenizerFiles.otherAlgorithm
        : "use the tokenizer's spiece.model or vocab.txt instead of this file")
  }
}
