public import SystemPackage

extension Sequence<SourceFile> {
  /// Throws where `output` is one of these files, by whatever name.
  public func refuseOverwriting(_ output: FilePath) throws(FileError) {
    guard let existing = try? SourceFile(output) else { return }
    for file in self where file.identity.isSameFile(as: existing.identity) {
      throw FileError(
        output.string,
        .rejected(
          code: "output-is-input", message: "the output is the source's own file '\(file.name)'"),
        remedy: "name another output")
    }
  }
}
