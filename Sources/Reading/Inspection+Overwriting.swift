package import AlbertBytes
internal import AlbertTokenizers
package import SystemPackage

extension Inspection {
  /// Every file that the model was read from, the config's included.
  package var sourceFiles: [SourceFile] { archive.files + (configFile.map { [$0] } ?? []) }

  /// What no output may take the place of: those, and what lies beside them of a tokenizer.
  package var keptFiles: [SourceFile] {
    guard embeddedTokenizer == nil, let weights = archive.files.first?.path else {
      return sourceFiles
    }
    return sourceFiles + TokenizerFiles.candidates(beside: weights)
  }

  /// Throws where `output` is one of these files, by whatever name, or a folder that holds one.
  package func refuseOverwriting(_ output: FilePath) throws(FileError) {
    // Where nothing is, nothing is looked for.
    if output.exists { try keptFiles.refuseOverwriting(output) }
  }
}
