package import AlbertArchitecture
internal import AlbertBytes
package import AlbertGraphEngine
package import AlbertReading

/// How a run of a file's own graph compares with what was expected.
package struct GraphOutcome: Sendable {
  /// One output of the graph beside the stage that it is.
  package struct Output: Sendable {
    /// Its name in the graph.
    package let name: String
    /// The stage; nil where it is unknown.
    package let stage: Stage?
    /// How it ended.
    package let outcome: Outcome
    /// Why it was not compared, such as a shape that differs.
    package internal(set) var problem: String?
    /// How far apart the two are; nil where they were not compared.
    @Apart package internal(set) var error: StageError?
    /// The largest absolute difference that rounding explains.
    package internal(set) var tolerance = 0.0
  }

  /// A stage that was found among the graph's values.
  package struct Found: Sendable {
    package let stage: Stage
    /// The name of the value.
    package let value: String
    /// The node that gives it.
    package let node: String
    /// How far it is off at most.
    package let maxAbs: Double
  }

  /// The first node that leaves the way of the reference.
  package struct Divergence: Sendable {
    /// The node's name, or that of its first output where it has none.
    package let node: String
    package let operation: String
    /// The values that it takes.
    package let inputs: [String]
    /// How far what it gives is from what is expected next, where something of its size is.
    package let maxAbs: Double?
    /// The last stage that the graph computes right before; nil where it leaves before the first.
    package let stageBefore: Stage?
    /// What should have come next, in words.
    package let expected: String?
  }

  /// The number of nodes that ran.
  package var nodes = 0
  /// The graph's outputs, in order.
  package var outputs: [Output] = []
  /// The stages that were found, in the order of computation.
  package var found: [Found] = []
  /// The number of stages that were looked for.
  package var sought = 0
  /// The first node that leaves; nil where none does.
  package var divergence: Divergence?

  /// What a run showed in which nothing is rounded.
  package struct Unrounded: Sendable {
    /// The graph's outputs in order, beside what the forward pass over its own weights gives.
    package var outputs: [Output] = []
    /// The stages that were found, in the order of computation.
    package var found: [Found] = []
    /// The number of stages that were looked for.
    package var sought = 0
    /// The largest difference that rounding makes of an output; nil where that was not seen.
    package var cost: Double?
    /// Why it proves nothing.
    package var problem: String?
    /// Whether the graph computes something else than was read of it.
    var isMisread = false

    /// Whether one layer computes by something else than the others, as its operators state.
    var statesOtherwise = false

    /// Whether it shows that the graph computes something else than its weights.
    package var fails: Bool {
      problem == nil && (statesOtherwise || outputs.contains { $0.outcome == .fail })
    }
  }

  /// The largest difference of an output that was compared; 0 where none was.
  var largestError: Double { outputs.largestError ?? 0 }

  /// How the graph follows its own weights where nothing is rounded; nil where it rounds nothing that hides
  /// a defect, or was not run so.
  package var unrounded: Unrounded?

  /// What boundaries between integers move, where the graph rounds numbers to some in Float64.
  package var roundings: RoundingEffect?

  /// The graph in the parts of its model, where one was recognised.
  package var fold: GraphFold?

  /// Outputs that were held against one of another name, the only one of their shape.
  var paired: [(output: String, other: String)] = []

  /// Why the graph could not run to its end.
  package var problem: String?

  /// Nothing run yet, or for this reason nothing that could be compared.
  package init(problem: String? = nil) { self.problem = problem }

  /// What is noted of outputs that hold and were not compared themselves, or by their shape alone.
  var notes: [Finding] {
    let guesses = paired.map { output, other in
      Finding(
        .warning, code: "output-of-another-name",
        "the graph's output '\(output)' was held against '\(other)', the only one of its shape")
    }
    return guesses
      + outputs.filter { $0.outcome == .pass }.compactMap { output in
        output.problem.map {
          Finding(
            .note, code: "output-behind-stage", "of the graph's output '\(output.name)': \($0)")
        }
      }
  }

  /// Whether every output that could be compared is right, and one could, with and without rounding.
  package var holds: Bool { followsReference && !(unrounded?.fails ?? false) }

  /// The same of the graph as it is.
  var followsReference: Bool {
    outputs.contains { $0.outcome == .pass } && !outputs.contains { $0.outcome == .fail }
  }
}

extension [GraphOutcome.Output] {
  /// The largest difference of one that was compared; nil where none was.
  package var largestError: Double? { compactMap { $0.error?.real.maxAbs }.max() }
}
