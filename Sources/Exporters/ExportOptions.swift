package import AlbertArchives
public import AlbertConversion
package import AlbertReading
package import SystemPackage

/// What a caller decides about an export.
public struct ExportOptions: Sendable {
  /// The format; nil to go by the output's ending.
  public var format: ExportFormat?
  /// Whether the output is to be a folder whatever its name ends in, as a path with a slash at its end
  /// says.
  public var writesFolder = false
  /// The element type.
  public var type: OutputType
  /// Whether to write what the format cannot say exactly, and report it as changed.
  public var allowsInexact = false
  /// Whether parts that the format demands and the source lacks are made up.
  public var initializesMissing = false
  /// Whether an existing output is replaced.
  public var replacesExisting = false
  /// Whether what was written is read back and run before it gets its name.
  public var verifies = true
  /// The largest absolute error, of a tensor or a stage, that a lossy export may have.
  public var maxError: Double?
  /// Whether tensors go to a file of their own, where the format knows such (ONNX).
  public var keepsDataApart = false
  /// Whether the tokenizer's files go along.
  public var carriesTokenizer = true
  /// How containers are opened when what was written is read back.
  package var archive = ArchiveOptions()
  /// The program that writes, as files name it.
  package var tool = "AlbertKit"

  /// The usual decisions: lossless, verified, replacing nothing.
  ///
  /// - Parameters:
  ///   - format: The format; nil to go by the output's ending.
  ///   - type: The element type.
  public init(format: ExportFormat? = nil, type: OutputType = .keep) {
    self.format = format
    self.type = type
  }
}

extension ExportOptions {
  /// The format of an output; nil where its ending promises one that is not written.
  func format(of output: FilePath) -> ExportFormat? {
    ExportRegistry.format(format, of: writesFolder ? "" : output)
  }

  /// How to read a source that is to become `output`.
  package func reading(
    _ options: InspectionOptions, for output: FilePath
  ) -> InspectionOptions {
    var options = options
    options.wantsDigests = format(of: output)?.type.recordsSourceDigests ?? false
    return options
  }
}
