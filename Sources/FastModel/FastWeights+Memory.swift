internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertPlatform

extension FastWeights {
  /// What a forward pass takes besides the panels: its workspace, and the stacks of the cores' threads.
  private static let besides = 128 << 20

  /// What runs may differ by, so that the limit which an error names is enough.
  private static let spare = 64 << 20

  /// Bytes of panels that are kept whatever the model's size.
  static let smallPanels = 256 << 20

  /// Bytes of the panels of all matrices, nearly.
  static func panels(of store: any ParameterStore) -> Int {
    ParameterSpec.all(store.config, store.contents)
      .filter { $0.shape.rank == 2 && !$0.parameter.role.isEmbedding }
      .reduce(0) { $0 + $1.shape.count * MemoryLayout<Float>.size }
  }

  /// Bytes of the model as it is stored: panels of narrower types would take a multiple of it.
  static func size(of store: any ParameterStore) -> Int {
    ParameterSpec.all(store.config, store.contents)
      .reduce(0) { $0 + $1.shape.count * store.elementType(of: $1.parameter).size }
  }

  /// Throws where the process's memory is limited and the panels have no room: there is no way back once an
  /// allocation failed.
  func checkMemory() throws(FileError) {
    guard Machine.limitsMemory else { return }
    let panels = packedCount * MemoryLayout<Float>.stride
    let needed = panels + Self.besides
    guard !Machine.offers(memory: needed) else { return }
    // A second model may stand beside this one, as in a comparison.
    let place =
      Machine.addressSpace.map { " to \(($0 + needed + panels + Self.spare) >> 10)" } ?? ""
    throw FileError(
      "the fast engine",
      .system(operation: "take \(needed >> 20) MB of memory", errno: ENOMEM),
      remedy: "raise the limit of memory (ulimit -v)\(place); the reference engine needs less")
  }
}
