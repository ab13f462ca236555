package import AlbertArchitecture
package import AlbertArchives
package import AlbertBytes
package import AlbertGraphEngine
package import AlbertGraphs
internal import AlbertJSON
package import SystemPackage
internal import AlbertTensors

/// Inputs from a file: `.npz`, `.safetensors`, `.npy` of one array, or `.json`.
package struct InputsFile: Sendable {
  /// The path as the user gave it.
  package let path: String
  /// The files that were read, so that no output takes their place.
  package let files: [SourceFile]

  private let source: Source

  private enum Source: Sendable {
    case arrays(any TensorArchive, FilePath)
    case document(JSONValue)
  }

  /// Opens the file.
  ///
  /// Throws where it is none of those.
  package init(
    _ path: FilePath, _ options: ArchiveOptions = ArchiveOptions()
  ) throws(FileError) {
    self.path = path.string
    if path.extension == "json" {
      let file = try SourceFile(path)
      source = .document(try JSONValue.parse(file))
      files = [file]
    } else {
      let archive = try ArchiveRegistry.open(path, options)
      source = .arrays(archive, path)
      files = archive.files
    }
  }

  /// The inputs that were recorded with outputs.
  init(_ golden: GoldenFile) {
    path = golden.path.string
    files = golden.files
    source = .arrays(golden.archive, golden.path)
  }

  /// What it holds for a forward pass.
  ///
  /// Throws where that is nothing, or does not fit together.
  package func inputs() throws(FileError) -> ModelInputs {
    switch source {
    case .document(let document): return try JSONInputs.read(document, path)
    case .arrays(let archive, let file):
      if let inputs = try GoldenFile.inputs(archive, file) { return inputs }
      throw FileError(
        path, .missing("the array '\(InputName.inputIDs)'"),
        remedy: "save input_ids, and attention_mask and token_type_ids where they matter")
    }
  }

  /// What it holds for a graph, by the names of the graph's inputs; of the inputs of an ALBERT also what
  /// bears ALBERT's own names.
  ///
  /// An array without a name is the only input's.
  package func values(of model: GraphModel) throws(FileError) -> [String: GraphValue] {
    var values: [String: GraphValue] = [:]
    let names = model.graph.inputs.map(\.name)
    for name in names { values[name] = try value(named: name) }
    if names.count == 1, values.isEmpty { values[names[0]] = try value(named: nil) }
    let missing = names.filter { values[$0] == nil }
    if !missing.isEmpty, holdsIDs {
      let fed = try GraphFeed(model).values(try inputs(), names: missing)
      values.merge(fed) { own, _ in own }
    }
    return values
  }

  /// The names of what it holds.
  var names: [String] {
    switch source {
    case .arrays(let archive, _): archive.tensors.map(\.name)
    case .document(let document): document.members?.map(\.key) ?? []
    }
  }

  private var holdsIDs: Bool { names.contains(InputName.inputIDs) }

  /// The array of a name, or the one that has none; nil where it is not there.
  func value(named name: String?) throws(FileError) -> GraphValue? {
    switch source {
    case .document(let document):
      let wanted = name.map { document[$0] } ?? (document.elements == nil ? nil : document)
      guard let wanted else { return nil }
      return try JSONInputs.value(wanted, name ?? "", path)
    case .arrays(let archive, let file):
      let tensor =
        name.map { name in archive.tensors.first { $0.name == name } }
        ?? (file.extension == "npy" ? archive.tensors.first : nil)
      guard let tensor else { return nil }
      guard let type = GraphType(tensor.type), type.family != .none,
        let value = GraphValue(try archive.bytes(of: tensor), type, tensor.shape)
      else {
        throw FileError(
          path, .unsupported("an array of \(tensor.type.name)"), tensor: tensor.name,
          remedy: "save the array as the type that the graph takes")
      }
      try archive.finish()
      return value
    }
  }
}
