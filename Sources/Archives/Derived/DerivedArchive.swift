internal import AlbertBytes
internal import AlbertTensors

/// An archive in which some tensors are computed from stored ones, which are no longer listed themselves.
struct DerivedArchive: TensorArchive {
  private let base: any TensorArchive
  private let derived: [String: any DerivedTensor]

  /// The tensors, each derived one in the place of the first of its parts.
  let tensors: [TensorDescription]
  let storageIdentities: [String: String]
  let notes: [ArchiveNote]

  var format: String { base.format }
  var files: [SourceFile] { base.files }
  var metadata: ArchiveMetadata { base.metadata }
  var attributes: [String: [String: [String]]] { base.attributes }
  var aliases: [String: String] { base.aliases }
  /// The graph as long as it is one over the tensors that are here.
  var graph: OperatorGraph? { derived.isEmpty ? base.graph : nil }

  /// Puts `derived` in the place of their parts and leaves `dropped` out.
  ///
  /// Throws where two tensors would have one name.
  init(
    _ base: any TensorArchive, _ derived: [any DerivedTensor], dropping dropped: Set<String> = [],
    notes: [ArchiveNote] = []
  ) throws(FileError) {
    var byPart: [String: [any DerivedTensor]] = [:]
    var parts = dropped
    for tensor in derived {
      if let first = tensor.parts.first { byPart[first, default: []].append(tensor) }
      parts.formUnion(tensor.parts)
    }
    var tensors: [TensorDescription] = []
    var places: [String: any DerivedTensor] = [:]
    var names: Set<String> = []
    var identities = base.storageIdentities.filter { !parts.contains($0.key) }
    for stored in base.tensors {
      if !parts.contains(stored.name) { tensors.append(stored) }
      for tensor in byPart[stored.name] ?? [] {
        tensors.append(tensor.tensor)
        places[tensor.tensor.name] = tensor
        if tensor is RenamedTensor, let identity = base.storageIdentities[stored.name] {
          identities[tensor.tensor.name] = identity
        }
      }
    }
    for tensor in tensors where !names.insert(tensor.name).inserted {
      throw FileError(
        base.path, .malformed("two tensors would have this name"),
        tensor: tensor.name)
    }
    self.base = base
    self.derived = places
    self.tensors = tensors
    storageIdentities = identities
    self.notes = base.notes + notes
  }

  func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    if let tensor = derived[name] { return try tensor.read(from: base, body) }
    try base.read(name, body)
  }

  func place(of name: String) -> TensorPlace? {
    guard let tensor = derived[name] else { return base.place(of: name) }
    return (tensor as? RenamedTensor).flatMap { $0.parts.first }.flatMap(base.place)
  }

  func finish() throws(FileError) { try base.finish() }
}
