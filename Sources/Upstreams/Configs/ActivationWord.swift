package import AlbertArchitecture
internal import AlbertJSON

/// What a config's word for the activation means, and how far it settles the matter.
package enum ActivationWord: Equatable, Sendable {
  /// Just `gelu`: the tanh form in Google's code and in what came of it, the exact one in Hugging
  /// Face's. Whose weights they are decides.
  case plainGelu
  /// A word that means one activation in every code that has it.
  case clear(Activation)
  /// A word of this program's, `gelu_erf` or `gelu_tanh`: what is computed, whatever a publisher's
  /// code would make of a config.
  case own(Activation)

  /// The one table of words: those of transformers' `ACT2FN` that an ALBERT can have, and our own.
  ///
  /// `gelu_fast` and `gelu_accurate` are the tanh form too, the former with the root of 2/π to ten
  /// digits; `gelu_10`, which is clipped, and `quick_gelu` are other functions.
  static let all: [(word: String, meaning: ActivationWord)] = [
    ("gelu", .plainGelu),
    ("gelu_new", .clear(.geluTanh)),
    ("gelu_pytorch_tanh", .clear(.geluTanh)),
    ("gelu_python_tanh", .clear(.geluTanh)),
    ("gelu_fast", .clear(.geluTanh)),
    ("gelu_accurate", .clear(.geluTanh)),
    ("gelu_python", .clear(.geluErf)),
    ("relu", .clear(.relu)),
    ("silu", .clear(.silu)),
    ("swish", .clear(.silu)),
    ("tanh", .clear(.tanh)),
    (Activation.geluTanh.rawValue, .own(.geluTanh)),
    (Activation.geluErf.rawValue, .own(.geluErf)),
  ]

  /// The meaning of a word; nil for one that no ALBERT can have.
  init?(_ word: String) {
    guard let row = Self.all.first(where: { $0.word == word }) else { return nil }
    self = row.meaning
  }

  /// Whether it is a word of this program's.
  var isOwn: Bool {
    if case .own = self { true } else { false }
  }

  /// The activation, where `gelu` is `gelu`.
  func activation(gelu: Activation) -> Activation {
    switch self {
    case .plainGelu: gelu
    case .clear(let activation), .own(let activation): activation
    }
  }
}

extension ConfigKeys {
  /// The activation by its key, where `gelu` means `gelu` and `allowed` are the words of the code.
  ///
  /// Words of this program's are always allowed, since they are how a user states one.
  mutating func takeActivation(
    _ key: String, default fallback: String, gelu: Activation, allowed: [String],
    ignoresCase: Bool = false, into config: inout PartialConfig
  ) {
    guard let written = string(key, default: fallback) else { return }
    let stated = ignoresCase ? written.lowercased() : written
    let meaning = ActivationWord(stated)
    guard let meaning, meaning.isOwn || allowed.contains(stated) else {
      let shown = allowed.map { "'\($0)'" }
      reject(
        key, "'\(stated)'",
        expected: shown.dropLast().joined(separator: ", ") + " or " + (shown.last ?? ""))
      return
    }
    config.hiddenAct = meaning.activation(gelu: gelu)
    config.activationWord = meaning
    if stated == "gelu_fast" {
      report(
        Finding(
          .note, code: "activation-alias",
          "gelu_fast writes the root of 2/pi as 0.7978845608; it is computed as gelu_tanh, which "
            + "differs by less than 1e-11"))
    }
  }

  /// Keys of this program's own, for what the config's dialect has no key for: the group of each
  /// layer, and the epsilon of the masked-LM head's LayerNorm.
  mutating func takeOwnKeys(into config: inout PartialConfig) {
    config.mlmLayerNormEps = number("mlm_layer_norm_eps") ?? config.mlmLayerNormEps
    guard let value = value("layer_to_group") else { return }
    let groups = value.elements?.compactMap(\.integer) ?? []
    guard !groups.isEmpty, groups.count == value.elements?.count else {
      reject("layer_to_group", value.text(), expected: "the number of each layer's group")
      return
    }
    config.layerMap = LayerMap(groups: groups)
  }
}
