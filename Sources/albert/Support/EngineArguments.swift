import AlbertArchitecture
import ArgumentParser
import AlbertGraphEngine
import AlbertVerification

/// What computes a subject under test: our forward passes beside its own graph, or the graph alone.
enum VerifyEngine: String, CaseIterable, ExpressibleByArgument {
  case both
  case reference
  case fast
  case graph
  case graphF32 = "graph-f32"

  /// The forward passes.
  var engines: Engines {
    switch self {
    case .both: .both
    case .fast: .fast
    case .reference, .graph, .graphF32: .reference
    }
  }

  /// Whether the user asked for the graph.
  var isGraph: Bool { self == .graph || self == .graphF32 }

  /// How the graph's values are held between nodes.
  var mode: GraphMode { self == .graphF32 ? .declared : .float64 }
}

/// How many times as many elements and operations as usual a graph may take.
enum GraphBudget {
  /// Throws for a factor that leaves nothing.
  static func check(_ factor: Double?) throws {
    if let factor, !(factor > 0) {
      throw ValidationError("--budget \(factor) is no number above 0")
    }
  }
}

/// What computes a model: one of our forward passes, or the file's own graph.
enum RunEngine: String, CaseIterable, ExpressibleByArgument {
  case fast
  case reference
  case graph
  case graphF32 = "graph-f32"

  /// The forward pass; nil where the graph is run.
  var pass: Engine? {
    switch self {
    case .fast: .fast
    case .reference: .reference
    case .graph, .graphF32: nil
    }
  }

  /// How the graph's values are held between nodes.
  var mode: GraphMode { self == .graphF32 ? .declared : .float64 }

  /// The type of the numbers that it computes with.
  var type: String {
    switch self {
    case .fast: "float32"
    case .reference, .graph: "float64"
    case .graphF32: "the graph's types"
    }
  }
}
