internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors

/// A model that an exporter wrote as a graph of operators, whoever trained it.
///
/// It has no table of names: what each tensor is follows from the operators, see `GraphReader`.
enum ExportedGraph: Upstream {
  static let name = "graph"
  static let title = "an exported graph of operators"
  static let gelu: Activation? = nil
  static let tables: [NameTable] = []
  static let omitsSquareProjection = true

  /// `onnx-graph`, `tflite-graph`: whoever exported it, a graph's format says what can read it.
  static func name(in format: String) -> String { "\(format)-\(name)" }

  static func candidates(
    in graph: OperatorGraph, hint: PartialConfig?, content: GraphReader.Content
  ) throws(FileError) -> [Candidate]? {
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
