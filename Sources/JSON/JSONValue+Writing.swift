extension JSONValue {
  /// The document as text: members in their order, the shortest digits that read back as the same
  /// double, `pretty` with two spaces of indentation per level.
  public func text(pretty: Bool = false) -> String {
    ""
  }
}
