/// The tokens that a model gives a meaning of their own, by their ids.
package struct SpecialTokens: Equatable, Sendable {
  /// What a token is for.
  package enum Role: String, CaseIterable, Sendable {
    case beginning = "bos_token"
    case end = "eos_token"
    case unknown = "unk_token"
    case separator = "sep_token"
    case padding = "pad_token"
    case classification = "cls_token"
    case mask = "mask_token"
  }

  /// A token in its role.
  package struct Assignment: Equatable, Sendable {
    /// Its spelling.
    package let content: String
    /// Its id; nil where the vocabulary has none.
    package let id: Int?
  }

  /// The tokens by their roles.
  package let byRole: [Role: Assignment]

  /// The tokens that settings name, with the ids that they have among the added ones.
  init(_ settings: TokenizerSettings, in added: AddedTokens) {
    byRole = settings.special.mapValues { token in
      Assignment(content: token.content, id: added.id(of: token.content))
    }
  }

  /// The id of a role's token.
  package func id(_ role: Role) -> Int? { byRole[role]?.id }

  /// Stands for a word to be guessed (`[MASK]`).
  package var mask: Int? { id(.mask) }
  /// Fills up the shorter texts of a batch (`<pad>`).
  package var padding: Int? { id(.padding) }
  /// Stands for what the vocabulary lacks (`<unk>`).
  package var unknown: Int? { id(.unknown) }
}
