public import Albert
public import Tensors

extension NameTable {
  /// What an exact name in a file stands for.
  public enum Meaning: Equatable, Sendable {
    /// A parameter.
    case parameter(Parameter, Layout)
    /// A copy of a parameter, and whether a difference is only warned about.
    case copy(of: Parameter, Layout, yields: Bool)
    /// A buffer that is not needed, with what it is.
    case buffer(String)
    /// State of a training run.
    case training
  }

  /// Every name that a file with so many blocks may hold, and what it stands for.
  ///
  /// Two rows with one name are an error in the table, which its tests find; the first counts.
  public func expand(groups: Int, innerLayers: Int, place: NamePlace) -> [String: Meaning] {
    var result: [String: Meaning] = [:]
    func add(_ name: String, _ meaning: Meaning, stem: String) {
      if result[name] == nil { result[name] = meaning }
      for slot in slots where result[stem + slot + suffix] == nil {
        result[stem + slot + suffix] = .training
      }
    }
    for row in rows {
      for (group, inner) in blocks(of: row, groups: groups, innerLayers: innerLayers) {
        let name = name(
          row.template, group: group, inner: inner, innerLayers: innerLayers, place: place)
        let stem = String(name.dropLast(suffix.count))
        switch row.target {
        case .parameter(let role):
          add(name, .parameter(Parameter(role, group: group, inner: inner), row.layout), stem: stem)
        case .copy(let role, let yields):
          add(
            name,
            .copy(of: Parameter(role, group: group, inner: inner), row.layout, yields: yields),
            stem: stem)
        case .buffer(let what):
          add(name, .buffer(what), stem: stem)
        }
      }
    }
    for name in trainingNames { result[place.prefix + name] = .training }
    return result
  }

  /// The blocks for which a row has a name: one, or every group's inner layers.
  private func blocks(of row: Row, groups: Int, innerLayers: Int) -> [(Int, Int)] {
    let isPerBlock =
      switch row.target {
      case .parameter(let role), .copy(let role, _): role.isPerBlock
      case .buffer: row.template.contains("{group}") || row.template.contains("{block}")
      }
    guard isPerBlock else { return [(0, 0)] }
    return (0..<groups).flatMap { group in (0..<innerLayers).map { (group, $0) } }
  }

  /// Whether a name can only be training state.
  public func isTrainingState(_ name: String, place: NamePlace) -> Bool {
    trainingPrefixes.contains { name.hasPrefix(place.prefix + $0) || name.hasPrefix($0) }
  }
}
