internal import AlbertBytes
internal import AlbertArchitecture
package import AlbertJSON

/// One publisher's way of writing a config: what its keys are called and what its values mean.
package protocol ConfigDialect: SendableMetatype {
  /// The dialect in a word or two, such as `Google`.
  static var title: String { get }

  /// Whether an object is a config of an ALBERT in this dialect.
  static func recognises(_ config: JSONValue) -> Bool

  /// Reads a config that `recognises` accepted: every key is used, ignored by name, or reported.
  static func read(_ config: JSONValue) -> PartialConfig
}

/// All dialects, and the search for the one that a config is written in.
package enum ConfigDialects {
  /// One line per dialect, the most telling first.
  static let all: [any ConfigDialect.Type] = [
    HuggingFaceConfig.self,
    KerasHubConfig.self,
    KerasLayerConfig.self,
    ModelGardenConfig.self,
    KokoroConfig.self,
    PLBERTConfig.self,
    PaddleNLPConfig.self,
    UERConfig.self,
    GoogleConfig.self,
  ]

  /// The dialect of `config`, or nil for anything that is not an ALBERT config.
  package static func dialect(of config: JSONValue) -> (any ConfigDialect.Type)? {
    all.first { $0.recognises(config) }
  }

  /// Whether a dialect is a program's description of its model, which holds the config of a part of it.
  package static func isOfAProgram(_ dialect: any ConfigDialect.Type) -> Bool {
    dialect is KerasLayerConfig.Type
  }

  /// What a config says of weights of `upstream`, nil where nothing is known of the weights; nil for
  /// anything that is not an ALBERT config.
  ///
  /// A config in Google's keys bears no publisher's mark, and the code of the weights' publisher
  /// reads it as one of its own. Only what `gelu` means to whoever wrote it stays as it was, so that
  /// the two readings can be told.
  package static func read(
    _ config: JSONValue, for upstream: (any Upstream.Type)?
  ) -> (dialect: any ConfigDialect.Type, config: PartialConfig)? {
    guard let shown = dialect(of: config) ?? (upstream == nil ? nil : besideAlbert(config)) else {
      return nil
    }
    var result = shown.read(config)
    if shown is GoogleConfig.Type, let own = upstream?.dialect {
      let written = result.hiddenAct
      result = own.read(config)
      if result.activationWord == .plainGelu { result.hiddenAct = written }
    }
    if mayBeBERTs(config) {
      result.findings.add(
        .warning, code: "config-may-be-bert",
        "the config has no key that a BERT's lacks, such as embedding_size, and may be one; its "
          + "layers, heads and activation were taken",
        remedy: "state embedding_size in it if it is this model's, or in a copy of it named with "
          + "\(.config)")
    }
    return (shown, result)
  }

  /// Whether a config tells nothing of whether its model is a BERT or an ALBERT.
  package static func mayBeBERTs(_ config: JSONValue) -> Bool { GoogleConfig.mayBeBERTs(config) }

  /// How a config without any publisher's mark is read where the weights are known to be an ALBERT's.
  private static func besideAlbert(_ config: JSONValue) -> (any ConfigDialect.Type)? {
    mayBeBERTs(config) ? GoogleConfig.self : nil
  }
}
