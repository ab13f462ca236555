internal import AlbertBytes
internal import AlbertPlatform

extension FastWeights {
  /// What a forward pass takes besides the panels: its workspace, and the stacks of the cores' threads.
  private static let besides = 128 << 20

  /// What runs may differ by, so that the limit which an error names is enough.
  private static let spare = 64 << 20

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
