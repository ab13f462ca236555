package import AlbertArchitecture
package import AlbertArchives
package import AlbertBytes
package import SystemPackage

/// Inputs of a forward pass from a file: `.npz`, `.safetensors`, `.npy` of ids alone, or `.json`.
package struct InputsFile: Sendable {
  /// The inputs.
  package let inputs: ModelInputs
  /// The path as the user gave it.
  package let path: String
  /// The files that were read, so that no output takes their place.
  package let files: [SourceFile]

  /// Reads the inputs in a file.
  ///
  /// Throws where there are none, or where they do not fit together.
  package init(
    _ path: FilePath, _ options: ArchiveOptions = ArchiveOptions()
  ) throws(FileError) {
    self.path = path.string
    if path.extension == "json" {
      let file = try SourceFile(path)
      inputs = try JSONInputs.read(file)
      files = [file]
      return
    }
    let recorded = try GoldenFile(path, options)
    guard let inputs = recorded.inputs else {
      throw FileError(
        path.string, .missing("the array '\(InputName.inputIDs)'"),
        remedy: "save input_ids, and attention_mask and token_type_ids where they matter")
    }
    self.inputs = inputs
    files = recorded.files
  }
}
