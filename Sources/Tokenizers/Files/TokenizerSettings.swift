internal import AlbertBytes
internal import AlbertJSON

/// What the files beside a vocabulary say of a tokenizer: its class, its switches and its tokens.
///
/// `tokenizer_config.json` counts; what it leaves open, `special_tokens_map.json` and
/// `added_tokens.json` say, as in transformers.
struct TokenizerSettings: Sendable {
  /// The class by the name that transformers has for it.
  var className: String?
  /// `tokenizer_config.json`.
  private let config: JSONValue
  /// The special tokens, by role.
  private(set) var special: [SpecialTokens.Role: AddedToken] = [:]
  /// Further special tokens, in the order in which they are stated.
  private(set) var additional: [AddedToken] = []
  /// Tokens with their ids, where those are stated.
  private(set) var added: [Int: AddedToken] = [:]

  init(_ files: TokenizerFiles) throws(FileError) {
    func json(_ name: String) throws(FileError) -> JSONValue {
      guard let bytes = files.contents[name] else { return .object([]) }
      let path = files.path(of: name)
      let value = try JSONValue.parse(
        bytes, path: path, clampsIntegers: true, tellsFormsApart: true)
      guard value.members != nil else {
        throw FileError(path, .malformed("it is not a JSON object"))
      }
      return value
    }
    config = try json(TokenizerFiles.config)
    let map = try json(TokenizerFiles.specialTokens)
    let list = try json(TokenizerFiles.addedTokens)
    className = config["tokenizer_class"]?.string ?? files.declaredClass
    let path = files.path(of: TokenizerFiles.config)
    for member in config["added_tokens_decoder"]?.members ?? [] {
      guard let id = Int(member.key), let token = AddedToken(member.value) else {
        throw FileError(
          path, .malformed("added_tokens_decoder has '\(member.key)', which is no token"))
      }
      added[id] = token
    }
    let isModern = !added.isEmpty
    for role in SpecialTokens.Role.allCases {
      let old = isModern ? nil : map[role.rawValue].flatMap { AddedToken(special: $0) }
      guard let token = old ?? config[role.rawValue].flatMap({ AddedToken(special: $0) }) else {
        continue
      }
      special[role] = token
    }
    let more =
      (isModern ? nil : map["additional_special_tokens"]) ?? config["additional_special_tokens"]
      ?? config["extra_special_tokens"]
    additional = more?.elements?.compactMap { AddedToken(special: $0) } ?? []
    if !isModern {
      let names = (special.values.map(\.content) + additional.map(\.content))
      for member in list.members ?? [] {
        guard let id = member.value.integer else {
          throw FileError(
            files.path(of: TokenizerFiles.addedTokens),
            .malformed("the id of '\(member.key)' is not a number"))
        }
        let isSpecial = names.contains { $0.utf8.elementsEqual(member.key.utf8) }
        added[id] = AddedToken(
          content: member.key, isNormalized: !isSpecial, isSpecial: isSpecial)
      }
    }
    // A special token is as the list of tokens has it.
    for (role, token) in special {
      let same = added.values.first { $0.content.utf8.elementsEqual(token.content.utf8) }
      if let same { special[role] = same }
    }
    if let id = added.keys.first(where: { $0 < 0 || $0 > TokenVocabulary.largestID }) {
      throw FileError(
        path, .limit(of: "the id of an added token", value: id, most: TokenVocabulary.largestID))
    }
  }

  /// A switch of the class as the config states it, by what Python takes for true: null and 0 switch off.
  func flag(_ name: String, _ usual: Bool) -> Bool {
    switch config[name] {
    case nil: usual
    case .null: false
    case .bool(let value): value
    case .integer(let value): value != 0
    case .number(let value): value != 0
    case .string(let value): !value.isEmpty
    case .array(let value): !value.isEmpty
    case .object(let value): !value.isEmpty
    }
  }

  /// A switch that may be left open.
  func flag(_ name: String) -> Bool? { config[name]?.bool }

  /// The most tokens of an input, where the config states a bound that means anything.
  var longestInput: Int? {
    config["model_max_length"]?.integer.flatMap { $0 > 0 && $0 < 1 << 30 ? $0 : nil }
  }

  /// Fills in the tokens that a class has where no file states them.
  mutating func fill(_ usual: [SpecialTokens.Role: AddedToken]) {
    for (role, token) in usual where special[role] == nil {
      let stated = added.values.first { $0.content.utf8.elementsEqual(token.content.utf8) }
      special[role] = stated ?? token
    }
  }

  /// All special tokens, each once, in the order of transformers.
  var allSpecial: [AddedToken] {
    var seen = ScalarTrie()
    let tokens = SpecialTokens.Role.allCases.compactMap { special[$0] } + additional
    return tokens.filter { seen.insert($0.scalars, 0) == nil }
  }
}

extension AddedToken {
  /// A token as `tokenizer_config.json` and `tokenizer.json` write it.
  init?(_ value: JSONValue) {
    guard let content = value["content"]?.string else { return nil }
    self.init(
      content: content, takesSpaceBefore: value["lstrip"]?.bool ?? false,
      takesSpaceBehind: value["rstrip"]?.bool ?? false,
      isWholeWord: value["single_word"]?.bool ?? false,
      isNormalized: value["normalized"]?.bool ?? true,
      isSpecial: value["special"]?.bool ?? false)
  }

  /// A special token: its spelling alone, or with its properties.
  init?(special value: JSONValue) {
    if let content = value.string {
      self.init(content: content)
    } else {
      self.init(value)
      isSpecial = true
    }
  }
}
