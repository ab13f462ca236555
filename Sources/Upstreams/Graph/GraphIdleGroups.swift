internal import Albert
internal import Tensors

/// Groups of which a file holds the weights although no layer uses them.
///
/// A config may ask for more groups than layers. No operator shows what such a tensor is, so that
/// here alone names tell.
struct GraphIdleGroups {
  /// The tensor of each parameter, by group.
  private(set) var byGroup: [Int: [Parameter: String]] = [:]

  /// All groups in the names of `graph`'s tensors that are not among `used`.
  init(_ graph: OperatorGraph, used: Set<Int>) {
    let roles = ParameterRole.allCases.filter(\.isPerBlock)
    for name in graph.constants.keys {
      guard let (group, inner) = GraphNumbering.label(in: name), !used.contains(group),
        group < AlbertConfig.mostLayers
      else { continue }
      for role in roles {
        let parameter = Parameter(role, group: group, inner: inner)
        guard name.hasSuffix(parameter.name) else { continue }
        byGroup[group, default: [:]][parameter] = name
      }
    }
  }

  /// The groups that are there with every parameter of `innerLayers` inner layers.
  func complete(innerLayers: Int) -> Set<Int> {
    let roles = ParameterRole.allCases.count(where: \.isPerBlock)
    return Set(byGroup.filter { $0.value.count == roles * innerLayers }.keys)
  }
}
