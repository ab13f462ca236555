package import AlbertBytes
package import SystemPackage

extension Inspection {
  /// Throws where `output` is one of the files that are read, by whatever name, or a folder that
  /// holds one.
  package func refuseOverwriting(_ output: FilePath) throws(FileError) {
    try sourceFiles.refuseOverwriting(output)
  }
}
