package import AlbertBytes
package import AlbertGraphs

/// What the boundaries between integers make of a graph that rounds numbers to them.
///
/// A number that lies beside a boundary falls on one side of it in Float64 and on the other where sums
/// before it were rounded: the two runs then go on with different integers.
package struct RoundingEffect: Equatable, Sendable {
  /// The numbers that were rounded to integers in both runs.
  package internal(set) var compared = 0
  /// Those that became another integer, zero points aside, in the run that rounds every value to its
  /// declared type.
  package internal(set) var moved = 0
  /// The largest difference of two such integers.
  package internal(set) var largestStep = 0
  /// The node that gave the first of them, in the order of the run.
  package internal(set) var firstNode: String?
}

/// The integers of one run, which those of another are held against.
final class RoundedIntegers {
  private struct Entry {
    let node: String
    let integers: [Int32]
  }

  private(set) var effect = RoundingEffect()
  private var entries: [Entry] = []
  private var kept = 0
  private var next = 0

  /// Integers that are kept; what comes behind them is not compared.
  private static let most = 1 << 25

  /// Whether the run rounded anything to integers.
  var isEmpty: Bool { entries.isEmpty }

  /// Keeps what a node of the first run rounds to.
  func keep(_ node: GraphNode, _ integers: [Int64]) {
    guard integers.count <= Self.most - kept else {
      // Nothing behind a gap has its place.
      kept = Self.most
      return
    }
    kept += integers.count
    entries.append(
      Entry(node: node.title, integers: integers.map { Int32(truncatingIfNeeded: $0) }))
  }

  /// Compares what a node of the second run rounds to.
  func compare(_ node: GraphNode, _ integers: [Int64]) {
    guard next < entries.count else { return }
    let entry = entries[next]
    // Where the runs take different ways there is nothing to compare any more.
    guard entry.node == node.title, entry.integers.count == integers.count else {
      next = entries.count
      return
    }
    next += 1
    effect.compared += integers.count
    for (first, second) in zip(entry.integers, integers) where Int64(first) != second {
      effect.moved += 1
      effect.largestStep = max(effect.largestStep, Int((Int64(first) - second).magnitude))
      effect.firstNode = effect.firstNode ?? node.plainTitle
    }
  }
}

extension GraphNode {
  /// The node's name, or that of its first value where it has none.
  package var plainTitle: String {
    name.isEmpty ? outputs.first { !$0.isEmpty } ?? operation : name
  }
}

extension GraphEngine {
  /// Runs the graph, and counts what boundaries between integers move where it rounds numbers to some.
  ///
  /// For that a graph in Float64 runs a second time, every value rounded to its declared type; the
  /// effect is nil where nothing is rounded to integers, and of a run that rounds anyway.
  package func runCounting(
    _ inputs: [String: GraphValue], budget: Double, observer: WorkObserver,
    take: @escaping (GraphNode, String, GraphValue) throws(FileError) -> Void = { _, _, _ in }
  ) throws(FileError) -> (outputs: [GraphValue], effect: RoundingEffect?) {
    guard mode == .float64 else {
      return (try run(inputs, budget: budget, observer: observer, take: take), nil)
    }
    let rounded = RoundedIntegers()
    let outputs = try run(
      inputs, budget: budget, observer: observer, take: take, rounded: rounded.keep)
    guard !rounded.isEmpty else { return (outputs, nil) }
    let engine = try GraphEngine(model, mode: .declared)
    _ = try engine.run(inputs, budget: budget, observer: observer, rounded: rounded.compare)
    return (outputs, rounded.effect)
  }
}
