package import AlbertArchitecture
internal import AlbertArchives
package import AlbertBytes
internal import AlbertNativeFormat
package import AlbertReading
package import AlbertTensors
package import SystemPackage

/// One side of a comparison: whatever can be read, be it an ALBERT or not.
package final class Checkpoint: Sendable {
  /// What was found at the path.
  package enum Content: Sendable {
    /// An ALBERT, whose tensors are known as parameters.
    case model(Inspection)
    /// Tensors in which no ALBERT is recognised, with what says so.
    case tensors(any TensorArchive, refused: FileError)
    /// A config without weights.
    case config(ConfigFile)
  }

  /// The path as the user gave it.
  package let path: FilePath
  /// What was found there.
  package let content: Content

  /// Opens what is at `path`; reads headers only.
  ///
  /// Throws where nothing can be read there.
  package init(
    _ path: FilePath, _ options: InspectionOptions = InspectionOptions()
  ) throws(FileError) {
    self.path = path
    if let config = try ConfigFile.alone(at: path) {
      content = .config(config)
      return
    }
    do throws(FileError) {
      content = .model(try Inspection.open(path, options))
    } catch {
      // What is malformed is so for every reader; only what holds no ALBERT can be read without.
      if error.isOfReading { throw error }
      let opened = try FileError.ifReadable { () throws(FileError) in
        try ArchiveRegistry.open(path, options.archive)
      }
      guard let archive = opened else { throw error }
      content = .tensors(archive, refused: error)
    }
  }

  /// What was recognised; nil where no ALBERT was.
  package var inspection: Inspection? {
    if case .model(let inspection) = content { inspection } else { nil }
  }

  /// The container of the tensors; nil for a config alone.
  package var archive: (any TensorArchive)? {
    switch content {
    case .model(let inspection): inspection.archive
    case .tensors(let archive, _): archive
    case .config: nil
    }
  }

  /// All files that are read.
  package var files: [SourceFile] {
    switch content {
    case .model(let inspection): inspection.sourceFiles
    case .tensors(let archive, _): archive.files
    case .config(let config): [config.file]
    }
  }

  /// What no output may take the place of.
  package var keptFiles: [SourceFile] { inspection?.keptFiles ?? files }

  /// The container's word for reports.
  package var format: String {
    switch content {
    case .model(let inspection): inspection.format
    case .tensors(let archive, _): archive.format
    case .config: "config"
    }
  }

  /// What was noticed while it was opened.
  package var findings: [Finding] {
    switch content {
    case .model(let inspection): inspection.findings
    case .tensors(let archive, let refused):
      [
        Finding(
          .warning, code: "not-albert",
          "\(path.string) is compared by the names in its files: \(refused.message)",
          remedy: remedy(for: refused))
      ] + archive.notes.map(Finding.init)
    case .config(let config): config.config.findings
    }
  }

  /// What helps where a side holds no ALBERT: a conversion is no comparison.
  private func remedy(for refused: FileError) -> Remedy {
    guard refused.code == "adapter-alone" else { return refused.advice }
    return
      "to compare what it makes of its base with a model, name the model first, the base second, and "
      + "state \(.adapter(path.string))"
  }

  /// The digests that the container states of its tensors' bytes, by their names.
  var digests: [String: XXH3Digest] {
    // Of an int8 file the numbers that count are computed from two tensors each.
    guard let header = (archive as? NativeArchive)?.header else {
      return [:]
    }
    return Dictionary(
      firstOfEach: zip(header.layout.places, header.digests).map { ($0.tensor.name, $1) })
  }
}
