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
    ModelGardenConfig.self,
    KokoroConfig.self,
    PaddleNLPConfig.self,
    UERConfig.self,
    GoogleConfig.self,
  ]

  /// The dialect of `config`, or nil for anything that is no ALBERT config.
  package static func dialect(of config: JSONValue) -> (any ConfigDialect.Type)? {
    all.first { $0.recognises(config) }
  }

  /// What a config says of weights of `upstream`; nil for anything that is no ALBERT config.
  ///
  /// A config in Google's keys bears no publisher's mark, and the code of the weights' publisher
  /// reads it as one of its own. Only what `gelu` means to whoever wrote it stays as it was, so that
  /// the two readings can be told.
  package static func read(
    _ config: JSONValue, for upstream: (any Upstream.Type)?
  ) -> (dialect: any ConfigDialect.Type, config: PartialConfig)? {
    guard let shown = dialect(of: config) else { return nil }
    guard shown is GoogleConfig.Type, let own = upstream?.dialect else {
      return (shown, shown.read(config))
    }
    var result = own.read(config)
    if result.activationWord == .plainGelu { result.hiddenAct = shown.read(config).hiddenAct }
    return (shown, result)
  }
}
