internal import AlbertGraphEngine
internal import AlbertJSON

/// What boundaries between integers move in a graph, as text and as JSON.
enum RoundingReport {
  static func sentence(_ effect: RoundingEffect) -> String {
    let numbers = "of \(Numbers.count(effect.compared, "number")) that it rounds to integers"
    let other = "another one with every value in its declared type"
    guard effect.moved > 0 else { return "\(numbers) none becomes \(other)" }
    let first = effect.firstNode.map { ", the first at the node '\(Terminal.shown($0))'" } ?? ""
    return "\(numbers) \(effect.moved) become \(other) (by up to \(effect.largestStep)\(first))"
  }

  static func json(_ effect: RoundingEffect) -> JSONValue {
    [
      "compared": .count(effect.compared),
      "moved": .count(effect.moved),
      "largest_step": .count(effect.largestStep),
      "first_node": .optional(effect.firstNode),
    ]
  }
}
