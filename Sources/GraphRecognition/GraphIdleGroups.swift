internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors

/// Groups of which a file holds the weights although no layer uses them.
///
/// A config may ask for more groups than layers. No operator shows what such a tensor is, so that
/// here alone names tell.
struct GraphIdleGroups {
  /// The tensor of each parameter, by group.
  private(set) var byGroup: [Int: [Parameter: String]] = [:]

  /// All groups in the names of `graph`'s tensors that are not among `used`.
  init(_ graph: OperatorGraph, used: Set<Int>) {
    for name in graph.constants.keys {
      guard let (group, inner) = GraphNumbering.label(in: name), !used.contains(group),
        group < AlbertConfig.maxLayers, let end = name.rest(behind: Self.mark(inner)),
        let role = Self.roles[end]
      else { continue }
      byGroup[group, default: [:]][Parameter(role, group: group, inner: inner)] = name
    }
  }

  /// The groups that are there with every parameter of `innerLayers` inner layers.
  func complete(innerLayers: Int) -> Set<Int> {
    Set(byGroup.filter { $0.value.count == Self.roles.count * innerLayers }.keys)
  }

  /// What stands before a role in the name of a block's parameter.
  private static func mark(_ inner: Int) -> String { "albert_layers.\(inner)." }

  /// The role of a block's parameter by the end of its name.
  private static let roles: [String: ParameterRole] = Dictionary(
    uniqueKeysWithValues: ParameterRole.allCases.filter(\.isPerBlock).compactMap { role in
      Parameter(role).name.rest(behind: mark(0)).map { ($0, role) }
    })
}
