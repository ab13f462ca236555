package import AlbertArchitecture
package import AlbertBytes
package import AlbertTensors
package import AlbertUpstreams

/// A model that an exporter wrote as a graph of operators, whoever trained it.
///
/// It has no table of names: what each tensor is follows from the operators, see `GraphReader`.
package enum ExportedGraph: Upstream {
  /// The word for such a model, behind its format.
  package static let name = "graph"

  /// What it is, in a sentence.
  package static let title = "an exported graph of operators"

  /// As the graph computes it.
  package static let gelu: Activation? = nil

  /// None.
  package static let tables: [NameTable] = []

  /// A graph that has no projection needs none.
  package static let squareProjection = SquareProjection.omitted

  /// `onnx-graph`, `tflite-graph`: whoever exported it, a graph's format says what can read it.
  package static func name(in format: String) -> String { "\(format)-\(name)" }

  /// The models that a file's own computation shows; without those that cannot be used where others
  /// can.
  ///
  /// `hint` is what a config says; contents are read only where they must be compared. With `prefix`
  /// only models at that place count.
  package static func candidates(
    in graph: OperatorGraph, prefix: String? = nil, hint: PartialConfig? = nil,
    content: GraphReader.Content
  ) throws(FileError) -> [Candidate] {
    let fitting = try models(in: graph, hint: hint, content: content).filter { candidate in
      prefix.map(candidate.place.isNamed) ?? true
    }
    let sound = fitting.filter { !$0.stated.findings.contains { $0.severity == .error } }
    return sound.isEmpty ? fitting : sound
  }

  private static func models(
    in graph: OperatorGraph, hint: PartialConfig?, content: GraphReader.Content
  ) throws(FileError) -> [Candidate] {
    let readings = try GraphReader.readings(of: graph, hint: hint, content: content)
    let prefixes = readings.map(\.prefix)
    let areTold = Set(prefixes).count == prefixes.count
    return readings.map { reading in
      Candidate(
        Self.self,
        // Without names of their own, models are told apart by their word embeddings' name.
        place: NamePlace(prefix: areTold ? reading.prefix : reading.anchor),
        groups: reading.config.numHiddenGroups ?? 1,
        innerLayers: reading.config.innerGroupNum ?? 1,
        lookup: NameLookup(all: reading.meanings), stated: reading.config, zeros: reading.zeros)
    }
  }
}
