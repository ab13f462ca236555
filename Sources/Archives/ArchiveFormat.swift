package import AlbertBytes
public import SystemPackage
package import AlbertTensors

/// One container format: how to know it and how to open it.
///
/// The registry lists the types.
package protocol ArchiveFormat: SendableMetatype {
  /// The word for the container in reports and JSON, such as `tensorflow-checkpoint`.
  static var name: String { get }

  /// The names by which the container is found in a folder, each with its rank among all formats.
  static var folderRules: [FolderRule] { get }

  /// Whether a file is of this format: by content, the name only breaking ties.
  ///
  /// `head` holds the first bytes of the file, up to `ArchiveRegistry.headSize`.
  ///
  /// Throws where it cannot be read.
  static func claims(_ file: SourceFile, head: [UInt8]) throws(FileError) -> Bool

  /// The file that `path` stands for where it is none itself, such as a TensorFlow prefix, or a
  /// folder in which no rule finds anything.
  ///
  /// Throws where it cannot be told what is there.
  static func complete(_ path: FilePath) throws(FileError) -> FilePath?

  /// Opens what `claims` accepted, or what a folder rule found. Reads and checks headers only.
  static func open(_ path: FilePath, _ options: ArchiveOptions) throws(FileError)
    -> any TensorArchive
}

extension ArchiveFormat {
  /// Only files are named.
  package static func complete(_ path: FilePath) -> FilePath? { nil }
}

/// A file name that marks a container in a folder.
package struct FolderRule: Sendable {
  /// What the name must be.
  package enum Name: Sendable {
    /// Exactly this.
    case exactly(String)
    /// Anything with this ending.
    case ending(String)
  }

  /// The order in which rules count, lowest first, as the command line's contract lists them.
  package enum Rank: Int, Sendable {
    case native
    case safetensorsIndex
    case pytorchIndex
    case tfH5Index
    case flaxIndex
    case kerasIndex
    case modelSafetensors
    case pytorchModel
    case tfModelH5
    case flaxModel
    case modelWeightsH5
    case keras
    case weightsH5
    case savedModel
    case tensorFlowIndex
    case distributed
    case otherWeights
    case otherH5
    case onnx
    case tflite
    case weightsNpz
    case npz
  }

  /// What the name must be.
  package let name: Name
  /// When the rule counts.
  package let rank: Rank

  /// Makes a rule.
  package init(_ name: Name, _ rank: Rank) {
    self.name = name
    self.rank = rank
  }

  /// Whether a file's name fits.
  func matches(_ fileName: String) -> Bool {
    switch name {
    case .exactly(let name): fileName == name
    case .ending(let ending): fileName.hasSuffix(ending) && fileName.count > ending.count
    }
  }
}

/// What a caller decides about opening containers.
public struct ArchiveOptions: Sendable {
  /// The `albert` executable that parses HDF5 in a confined process of its own.
  ///
  /// A library user names it; the tool names itself. Without it, HDF5 files are refused.
  public var worker: FilePath?
  /// Whether to refuse to parse where the worker cannot be confined.
  public var requireSandbox: Bool

  /// Makes options; by themselves they refuse HDF5.
  ///
  /// - Parameters:
  ///   - worker: The `albert` executable that parses HDF5 in a confined process of its own.
  ///   - requireSandbox: Whether to refuse to parse where the worker cannot be confined.
  public init(worker: FilePath? = nil, requireSandbox: Bool = false) {
    self.worker = worker
    self.requireSandbox = requireSandbox
  }
}
