internal import AlbertArchitecture

/// This project's own native file: the canonical names, never anything else.
enum Native: Upstream {
  static let name = "native"
  static let title = "a native file"
  static let gelu: Activation? = nil
  static let tables = [
    NameTable(rows: ParameterRole.allCases.map { NameTable.Row($0, $0.nameTemplate) })
  ]
}
