package import AlbertArchitecture

extension OutputNames {
  /// One name with the parameter that it stands for.
  package typealias Entry = (parameter: Parameter, name: Name)

  /// Every name of the given parameters, in the order in which the publisher's code makes its
  /// variables: the table's, with all names of a block before those of the next one.
  package func inOrder(_ parameters: [Parameter]) -> [Entry] {
    let byRole = Dictionary(grouping: parameters, by: \.role)
    let firstOfBlock = table.rows.firstIndex(where: \.isPerBlock) ?? 0
    var found: [(key: [Int], entry: Entry)] = []
    for (index, row) in table.rows.enumerated() {
      let (role, isCopy): (ParameterRole, Bool)
      switch row.target {
      case .parameter(let target): (role, isCopy) = (target, false)
      case .copy(let target, _): (role, isCopy) = (target, true)
      case .buffer: continue
      }
      for parameter in byRole[role] ?? [] {
        let name = Name(
          name: table.name(
            row, group: parameter.group, inner: parameter.inner, innerLayers: innerLayers,
            place: place),
          layout: row.layout, isCopy: isCopy)
        let key = [
          role.isPerBlock ? firstOfBlock : index, parameter.group, parameter.inner, index,
        ]
        found.append((key, (parameter, name)))
      }
    }
    return found.ordered { $0.key.lexicographicallyPrecedes($1.key) }.map(\.entry)
  }
}

extension NameTable.Row {
  /// Whether every block has a name of the row's own.
  fileprivate var isPerBlock: Bool {
    switch target {
    case .parameter(let role), .copy(let role, _): role.isPerBlock
    case .buffer: false
    }
  }
}
