internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors

extension NameTable {
  /// Every name that a file with so many blocks may hold, and what it stands for.
  ///
  /// Two rows with one name are an error in the table, which its tests find; the first counts.
  package func expand(groups: Int, innerLayers: Int, place: NamePlace) -> NameLookup {
    var known = buffers.mapValues(TensorPurpose.buffer)
    for row in rows {
      for (group, inner) in blocks(of: row, groups: groups, innerLayers: innerLayers) {
        let name = name(row, group: group, inner: inner, innerLayers: innerLayers, place: place)
        guard known[name] == nil else { continue }
        switch row.target {
        case .parameter(let role):
          known[name] = .parameter(Parameter(role, group: group, inner: inner), row.layout)
        case .copy(let role, let yields):
          known[name] = .copy(
            of: Parameter(role, group: group, inner: inner), row.layout, yields: yields)
        case .buffer(let what): known[name] = .buffer(what)
        }
      }
    }
    return NameLookup(known, suffix: suffix, prefix: place.prefix, training: training)
  }

  /// The blocks for which a row has a name: one, or every group's inner layers.
  private func blocks(of row: Row, groups: Int, innerLayers: Int) -> [(Int, Int)] {
    let isPerBlock =
      switch row.target {
      case .parameter(let role), .copy(let role, _): role.isPerBlock
      case .buffer: row.numbersBlocks
      }
    guard isPerBlock else { return [(0, 0)] }
    return (0..<groups).flatMap { group in (0..<innerLayers).map { (group, $0) } }
  }
}

extension NameTable.Row {
  /// Whether the name differs from block to block.
  var numbersBlocks: Bool {
    ["{group}", "{_group}", "{block}"].contains { template.holds($0) }
  }

  /// Whether the name differs between a group's inner layers.
  var numbersInnerLayers: Bool { template.holds("{inner}") || template.holds("{_inner}") }
}
