package import AlbertArchitecture

/// How many parameters a file holds, and what they would cost otherwise.
public struct StoredCount: Equatable, Sendable {
  /// Elements of all tensors of the model in the file, repeated ones as often as they are there;
  /// training state, buffers and a surrounding model left out.
  public let stored: Int
  /// Parameters with tied and repeated ones counted once, and an identity projection not at all.
  public let unique: Int
  /// The unique parameters of each component.
  package let byComponent: [Component: Int]
  /// Elements of training state.
  package let optimizer: Int
  /// Elements of a larger model around this one.
  package let surrounding: Int

  /// Counts a model of which nothing is stored: its backbone, by the config alone.
  package init(_ config: AlbertConfig?) {
    let count = config.map { ParameterCount($0, .backbone) }
    stored = 0
    unique = count?.total ?? 0
    byComponent = count?.byComponent ?? [:]
    optimizer = 0
    surrounding = 0
  }

  /// Counts what an inspection found, by the tensors' shapes.
  ///
  /// - Parameter inspection: The source.
  public init(_ inspection: Inspection) {
    var stored = 0
    var unique = 0
    var byComponent: [Component: Int] = [:]
    var optimizer = 0
    var surrounding = 0
    // A tensor that is several parameters is stored once.
    var seen: Set<String> = []
    let isIdentity = inspection.config?.embeddingProjectionIsIdentity ?? false
    for assignment in inspection.assignments {
      let count = assignment.tensor.shape.count
      switch assignment.purpose {
      case .parameter(let parameter, _):
        if seen.insert(assignment.tensor.name).inserted { stored += count }
        let component = parameter.role.component
        if component == .projection && isIdentity { continue }
        unique += count
        byComponent[component, default: 0] += count
      case .copy: if seen.insert(assignment.tensor.name).inserted { stored += count }
      case .training: optimizer += count
      case .surrounding: surrounding += count
      case .buffer, .unexpected: break
      }
    }
    self.stored = stored
    self.unique = unique
    self.byComponent = byComponent
    self.optimizer = optimizer
    self.surrounding = surrounding
  }
}
