package import SystemPackage

extension Sequence<SourceFile> {
  /// Throws where `output` is one of these files, by whatever name, or a folder that holds one.
  package func refuseOverwriting(_ output: FilePath) throws(FileError) {
    if let existing = try? SourceFile(output) {
      for file in self where file.identity.isSameFile(as: existing.identity) {
        throw refusal(of: output, "the source's own file '\(file.name)'")
      }
    } else if let folder = output.resolved {
      for file in self where file.path.resolved?.starts(with: folder) == true {
        throw refusal(of: output, "the folder that holds the source's file '\(file.name)'")
      }
    }
  }

  private func refusal(of output: FilePath, _ what: String) -> FileError {
    FileError(
      output.string, .rejected(code: "output-is-input", message: "the output is \(what)"),
      remedy: "name another output")
  }
}
