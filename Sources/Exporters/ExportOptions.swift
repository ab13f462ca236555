package import AlbertArchives
package import AlbertConversion

/// What a caller decides about an export.
package struct ExportOptions: Sendable {
  /// The format's word, as `--to` takes it; nil to go by the output's ending.
  package var format: String?
  /// Whether the output is to be a folder whatever its name ends in, as a path with a slash at its end
  /// says.
  package var writesFolder = false
  /// The element type.
  package var type = OutputType.keep
  /// Whether to write what the format cannot say exactly, and report it as changed.
  package var allowsInexact = false
  /// Whether parts that the format demands and the source lacks are made up.
  package var initializesMissing = false
  /// Whether an existing output is replaced.
  package var replacesExisting = false
  /// Whether what was written is read back and run before it gets its name.
  package var verifies = true
  /// The largest absolute error, of a tensor or a stage, that a lossy export may have.
  package var maxError: Double?
  /// Whether tensors go to a file of their own, where the format knows such (ONNX).
  package var keepsDataApart = false
  /// How containers are opened when what was written is read back.
  package var archive = ArchiveOptions()
  /// The program that writes, as files name it.
  package var tool = "AlbertKit"

  /// The usual decisions.
  package init() {}
}
