package import AlbertBytes

extension Setting {
  /// The setting as users of the tool state it, for whom reports are made.
  package var option: String {
    switch self {
    case .config: "--config"
    case .prefix(let value): Self.words("--prefix", value)
    case .head(let value): Self.words("--head", value)
    case .tied: "--tied"
    case .untied: "--untied"
    case .tie(let value): Self.words("--tie", value)
    case .requireSandbox: "--require-sandbox"
    case .format: "--to"
    case .elementType(let value): Self.words("--dtype", value)
    case .replacing: "--force"
    case .inexact: "--allow-inexact"
    case .initializing: "--initialize-missing"
    case .inputs: "--inputs"
    case .map(let value): Self.words("--map", value)
    case .adapter(let value): Self.words("--adapter", value)
    case .conversion(let source, let adapter):
      "albert convert \(source) OUTPUT" + (adapter.map { " --adapter \($0)" } ?? "")
    case .complete: "--complete"
    case .tensorList: "inspect --tensors"
    }
  }
}
