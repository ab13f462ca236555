internal import AlbertArchitecture

/// Which layers use which set of weights, drawn: a box for each layer in the order of computation, in the
/// colour of its set.
struct LayerSharing {
  let config: AlbertConfig

  /// Layers that are drawn; the rest is said.
  private static let most = 96

  var markup: String {
    let groups = config.layerGroups
    let boxes = groups.prefix(Self.most).enumerated().map { layer, group in
      "<li style=\"--hue:\(Self.hue(group))\"><b>\(layer)</b> set \(group)</li>"
    }
    let more = groups.count - Self.most
    let perSet =
      (ParameterCount(config, .backbone).byComponent[.encoder] ?? 0)
      / max(1, config.numHiddenGroups)
    let inner =
      config.innerGroupNum > 1
      ? ", \(config.innerGroupNum) inner layers one after another in each" : ""
    return "<ol class=\"layers\" aria-label=\"layers in the order of computation\">"
      + boxes.joined() + "</ol>" + (more > 0 ? "<p>and \(more) more layers</p>" : "")
      + "<p class=\"dim\">\(Numbers.count(config.numHiddenGroups, "set")) of "
      + "\(Numbers.grouped(perSet)) parameters\(inner).</p>" + unused
  }

  /// Sets that no layer uses, which a map of layers may leave over.
  private var unused: String {
    let used = Set(config.layerGroups)
    let idle = (0..<config.numHiddenGroups).filter { !used.contains($0) }
    return idle.isEmpty
      ? ""
      : "<p>No layer uses \(idle.prefix(12).map { "set \($0)" }.joined(separator: ", ")).</p>"
  }

  /// Hues that lie far apart for sets that follow each other.
  private static func hue(_ group: Int) -> Int { (205 + group % 360 * 137) % 360 }
}
