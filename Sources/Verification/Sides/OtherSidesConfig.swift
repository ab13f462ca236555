internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertReading
internal import SystemPackage

extension FileError {
  /// The error for a model whose config is missing, with the other side's config as a way out where that,
  /// read for this model, says what it says of the other one.
  ///
  /// One in which a word means something else for this model's publisher, or that has other sizes, is not
  /// named, nor is one that lies in no file of its own.
  func offering(
    configOf other: FilePath, _ itsOptions: InspectionOptions, for path: FilePath,
    _ options: InspectionOptions
  ) -> FileError {
    guard case .rejected(Inspection.missingConfigCode, _) = problem, options.config == nil,
      let theirs = try? Inspection.ifKnown(other, itsOptions), let config = theirs.config,
      let file = theirs.configFile?.path
    else { return self }
    var asked = options
    asked.config = file
    guard let read = try? Inspection.ifKnown(path, asked), read.isUsable,
      read.config?.computes(as: config, mlm: read.contents.mlm && theirs.contents.mlm) == true
    else { return self }
    return FileError(
      self.path, problem, offset: offset, tensor: tensor,
      remedy:
        "if it is a copy of '\(other)', name that one's config '\(file)' with \(.config); else "
        + advice)
  }
}
