package import AlbertBytes
package import SystemPackage

extension Inspection {
  /// Every file that the model was read from, the config's included.
  package var sourceFiles: [SourceFile] { archive.files + (configFile.map { [$0] } ?? []) }

  /// Throws where `output` is one of the files that are read, by whatever name, or a folder that
  /// holds one.
  package func refuseOverwriting(_ output: FilePath) throws(FileError) {
    try sourceFiles.refuseOverwriting(output)
  }
}
