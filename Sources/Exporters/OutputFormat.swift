package import AlbertBytes
package import AlbertConversion
package import AlbertTensors

/// What a format that models are written in can say, and which files it consists of.
///
/// It describes; it neither reads the source nor writes a byte. The registry lists the types, and a user
/// names one by the `ExportFormat` that its file declares.
package protocol OutputFormat: SendableMetatype {
  /// The word for the format, as `--to` takes it.
  static var name: String { get }

  /// The format in a few words, such as `a PyTorch pickle`.
  static var title: String { get }

  /// What the name of a single file of the format ends in, such as `.bin`.
  static var endings: [String] { get }

  /// Whether the endings choose the format where a user names none.
  static var claimsEndings: Bool { get }

  /// Whether an output without such an ending is a folder, with the config beside the weights.
  static var writesFolder: Bool { get }

  /// The name of the config that a single file of it needs beside it; nil where the file itself says layers, heads
  /// and activation.
  static var configBesideFile: String? { get }

  /// The element types that it can hold; `int8` for integers beside their scales.
  static var elementTypes: Set<ElementType> { get }

  /// Whether the container records the SHA-256 of the files that it was made of.
  static var recordsSourceDigests: Bool { get }

  /// The model as the format can state it, with a change for all that it cannot.
  ///
  /// Parts that it demands are added to the contents; with `initializing` also those without which
  /// no class of the publisher's fits.
  ///
  /// Throws where the model cannot be stated at all.
  static func adapt(
    _ model: TargetModel, initializing: Bool, path: String
  ) throws(FileError) -> TargetModel

  /// The files that the model consists of.
  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile]
}

extension OutputFormat {
  /// Whether the endings choose the format: yes, unless it says otherwise.
  package static var claimsEndings: Bool { true }

  /// Whether the output is a folder: no, unless it says otherwise.
  package static var writesFolder: Bool { false }

  /// The config beside a single file: Hugging Face's, unless it says otherwise.
  package static var configBesideFile: String? { "config.json" }

  /// Whether the sources' digests are recorded: no, unless it says otherwise.
  package static var recordsSourceDigests: Bool { false }

  /// The model unchanged, for a format that can state any.
  package static func adapt(
    _ model: TargetModel, initializing: Bool, path: String
  ) throws(FileError) -> TargetModel { model }

  /// Whether a path names a single file of the format.
  static func isFile(_ path: String) -> Bool { endings.contains(where: path.hasSuffix) }
}
