package import AlbertArchives
package import AlbertBytes
package import AlbertConversion
internal import AlbertJSON
package import SystemPackage

/// One file of an output, as a format describes it.
package struct ExportFile: Sendable {
  /// What is in a file.
  package enum Content: Sendable {
    /// Bytes that are at hand.
    case bytes([UInt8])
    /// A copy of another file.
    case copy(SourceFile)
    /// The model's tensors.
    case weights(WeightsFile)
  }

  /// The name, in a folder or as the single file.
  package let name: String
  /// What is in it.
  package let content: Content

  /// Describes a file.
  package init(_ name: String, _ content: Content) {
    self.name = name
    self.content = content
  }

  /// A file of readable JSON, with a line break at its end.
  static func json(_ name: String, _ value: JSONValue) -> ExportFile {
    ExportFile(name, .bytes(Array((value.text(pretty: true) + "\n").utf8)))
  }

  /// The bytes of its tensors, where it holds any.
  var tensorByteCount: Int {
    guard case .weights(let weights) = content else { return 0 }
    return weights.tensors.reduce(0) { $0 + $1.tensor.byteCount }
  }

  /// Whether the name is the one that it will have, which is not so where its bytes decide.
  var hasName: Bool {
    if case .weights(let weights) = content { weights.naming == nil } else { true }
  }
}

/// The tensors of an output, and the container that holds them.
package struct WeightsFile: Sendable {
  /// Lays the container out; a library that writes structure itself does so at the path given.
  package typealias LayOut = @Sendable (_ path: FilePath) throws(FileError) -> any ArchiveLayout
  /// Files that are known once the tensors are written, by name.
  package typealias Companions =
    @Sendable (_ written: Written) throws(FileError) -> [(name: String, bytes: [UInt8])]

  /// What is known of the file once its tensors are in it.
  package struct Written: Sendable {
    /// The tensors' digests, in their order.
    package let tensors: WrittenTensors
    /// The digest of the whole file, where its name depends on that.
    package let digest: XXH3Digest?
  }

  /// The tensors, in the order of the layout's ranges.
  package let tensors: [OutputTensor]
  /// Lays the container out.
  package let layOut: LayOut
  /// Files beside it; nil where there are none.
  package let companions: Companions?
  /// Its name by the digest of all its bytes; nil where it has one anyway.
  package let naming: (@Sendable (XXH3Digest) -> String)?

  /// Describes tensors in a container whose layout is known.
  package init(
    _ tensors: [OutputTensor], _ layout: some ArchiveLayout,
    naming: (@Sendable (XXH3Digest) -> String)? = nil, companions: Companions? = nil
  ) {
    self.init(tensors, naming: naming, companions: companions) {
      (_) throws(FileError) in layout
    }
  }

  /// Describes tensors in a container that is laid out at its path.
  package init(
    _ tensors: [OutputTensor],
    naming: (@Sendable (XXH3Digest) -> String)? = nil, companions: Companions? = nil,
    layOut: @escaping LayOut
  ) {
    self.tensors = tensors
    self.naming = naming
    self.layOut = layOut
    self.companions = companions
  }
}
