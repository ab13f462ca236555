public import Archives
public import Bytes
public import Conversion
public import SystemPackage

/// One file of an output, as a format describes it.
public struct ExportFile: Sendable {
  /// What is in a file.
  public enum Content: Sendable {
    /// Bytes that are at hand.
    case bytes([UInt8])
    /// A copy of another file.
    case copy(SourceFile)
    /// The model's tensors.
    case weights(WeightsFile)
  }

  /// The name, in a folder or as the single file.
  public let name: String
  /// What is in it.
  public let content: Content

  /// Describes a file.
  public init(_ name: String, _ content: Content) {
    self.name = name
    self.content = content
  }
}

/// The tensors of an output, and the container that holds them.
public struct WeightsFile: Sendable {
  /// Lays the container out; a library that writes structure itself does so at the path given.
  public typealias LayOut = @Sendable (_ path: FilePath) throws(FileError) -> any ArchiveLayout
  /// Files that are known once the tensors' checksums are, by name.
  public typealias Companions =
    @Sendable (_ checksums: [UInt32]) throws(FileError) -> [(
      name: String, bytes: [UInt8]
    )]

  /// The tensors, in the order of the layout's ranges.
  public let tensors: [OutputTensor]
  /// Lays the container out.
  public let layOut: LayOut
  /// Files beside it; nil where there are none.
  public let companions: Companions?

  /// Describes tensors in a container whose layout is known.
  public init(
    _ tensors: [OutputTensor], _ layout: some ArchiveLayout, companions: Companions? = nil
  ) {
    self.init(tensors, companions: companions) { (_) throws(FileError) in layout }
  }

  /// Describes tensors in a container that is laid out at its path.
  public init(
    _ tensors: [OutputTensor], companions: Companions? = nil, layOut: @escaping LayOut
  ) {
    self.tensors = tensors
    self.layOut = layOut
    self.companions = companions
  }
}
