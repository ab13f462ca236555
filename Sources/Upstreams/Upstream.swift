package import AlbertArchitecture

/// A publisher of ALBERT weights: how its files name, lay out and sometimes omit parameters.
///
/// An upstream knows names and shapes, never a container. The registry lists the types.
package protocol Upstream: SendableMetatype {
  /// The word for the publisher in reports and JSON, such as `google-tf1`.
  static var name: String { get }

  /// The same word in a container of `format`.
  static func name(in format: String) -> String

  /// The publisher in a sentence, such as `Google's TensorFlow 1 code`.
  static var title: String { get }

  /// Its name tables, one per form in which it writes files, the most telling first.
  static var tables: [NameTable] { get }

  /// Tables of the model without its heads, which count only where a user names the place.
  static var backboneTables: [NameTable] { get }

  /// The place of the model without heads in its files, as users name it; nil where there is none.
  static var backbonePrefix: String? { get }

  /// The models in a file in which one tensor is the parameter of several layers that differ otherwise,
  /// so that each layer wants a group of its own.
  static func merged(in names: FileNames) -> [Candidate]

  /// Whether its files occur with names under `prefix`, in containers of `format`.
  static func mayOccur(prefix: String, format: String) -> Bool

  /// What becomes of the projection where the embedding and hidden sizes are equal.
  static var squareProjection: SquareProjection { get }

  /// What newer versions of its code add to the pooler's outputs before the classifier of sequences, and
  /// since when; nil where none does.
  static var pooledOffset: (amount: Double, since: String)? { get }

  /// The dialect in which its code reads a config that bears no publisher's mark; nil for the one
  /// that the config's keys show.
  static var dialect: (any ConfigDialect.Type)? { get }

  /// The form of GELU that its code computes where a config says just `gelu`; nil where a config or a
  /// graph alone decides.
  static var gelu: Activation? { get }

  /// The epsilon that its code fixes for every LayerNorm but the masked-LM head's; nil where a config
  /// does.
  static var layerNormEps: Double? { get }

  /// Whether the tanh form is the only GELU that its code has, whatever a config calls it.
  static var hasOnlyTanhGELU: Bool { get }

  /// The activation that its code computes where a config states `stated` in a word that means one.
  static func activation(_ stated: Activation?) -> Activation?

  /// The epsilon of the masked-LM head's LayerNorm that its code fixes; nil where a config does.
  static var mlmLayerNormEps: Double? { get }

  /// What of its LayerNorms' epsilons depends on the code's version, as a sentence; nil where nothing does.
  static var epsilonsByVersion: String? { get }

  /// Whether its code normalises before or after each sublayer as a config says, with the same tensors.
  static var leavesLayerNormOrderOpen: Bool { get }

  /// How its code normalises layers.
  static var layerNorm: LayerNormKind { get }

  /// The head that a bare `classifier` is in its files where no config tells.
  static var classifierHead: TaskHead? { get }

  /// Names of which its files hold one beside its own task's classifier, by which a user's layer of the
  /// classifier's name is told from it; none where nothing tells.
  static var classifierSigns: [String] { get }

  /// What its own task's class calls the classifier, as a component of the paths in TensorFlow's checkpoints; nil
  /// where none has one.
  static var classifierAttribute: String? { get }

  /// The head that the name of a tensor of a `classifier` states; nil where it states none.
  static func head(statedBy name: String) -> TaskHead?

  /// Whether a bare `classifier` with one output may be the score of a choice in its files.
  static var scoresChoices: Bool { get }

  /// Whether its code decodes with the matrix that a file stores for it where no config ties it to the word
  /// embeddings.
  static var decodesWithStored: Bool { get }

  /// The group of each layer in its code.
  static func layerMap(layers: Int, groups: Int) -> LayerMap
}

extension Upstream {
  /// The same in all.
  package static func name(in format: String) -> String { name }

  /// None.
  package static var backboneTables: [NameTable] { [] }

  /// None.
  package static var backbonePrefix: String? { nil }

  /// None.
  package static func merged(in names: FileNames) -> [Candidate] { [] }

  /// Anywhere.
  package static func mayOccur(prefix: String, format: String) -> Bool { true }

  /// As its keys show.
  package static var dialect: (any ConfigDialect.Type)? { nil }

  /// As the config says.
  package static var layerNormEps: Double? { nil }

  /// Both forms.
  package static var hasOnlyTanhGELU: Bool { false }

  /// As the config says.
  package static func activation(_ stated: Activation?) -> Activation? {
    hasOnlyTanhGELU && stated == .geluErf ? .geluTanh : stated
  }

  /// As the config says.
  package static var mlmLayerNormEps: Double? { nil }

  /// Nothing.
  package static var epsilonsByVersion: String? { nil }

  /// Always after it.
  package static var leavesLayerNormOrderOpen: Bool { false }

  /// As everybody does.
  package static var layerNorm: LayerNormKind { .variance }

  /// A projection is always there.
  package static var squareProjection: SquareProjection { .computed }

  /// Nothing is added.
  package static var pooledOffset: (amount: Double, since: String)? { nil }

  /// Not known.
  package static var classifierHead: TaskHead? { nil }

  /// None.
  package static var classifierSigns: [String] { [] }

  /// None.
  package static var classifierAttribute: String? { nil }

  /// None.
  package static func head(statedBy name: String) -> TaskHead? { nil }

  /// No.
  package static var scoresChoices: Bool { false }

  /// With the word embeddings.
  package static var decodesWithStored: Bool { false }

  /// Hugging Face's rule, which most follow.
  package static func layerMap(layers: Int, groups: Int) -> LayerMap {
    .huggingFace(layers: layers, groups: groups)
  }
}

/// What a publisher's code does with the projection where the embedding and hidden sizes are equal.
package enum SquareProjection: Sendable {
  /// It is made and computed with, as everywhere.
  case computed
  /// None is made.
  case omitted
  /// It is made, and stored, and not computed with.
  case unused
}
