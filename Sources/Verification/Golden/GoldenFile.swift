package import AlbertArchitecture
package import AlbertArchives
package import AlbertBytes
internal import AlbertDiagnosis
package import SystemPackage
package import AlbertTensors

/// A golden file or an inputs file: arrays by the names of inputs and stages.
///
/// Arrays with other names are passed over. Values are read when they are asked for.
package struct GoldenFile: Sendable {
  /// The path as the user gave it.
  package let path: FilePath
  /// The inputs, where the file has `input_ids`.
  package let inputs: ModelInputs?
  /// The stages in the file, by stage.
  package let stages: [Stage: TensorDescription]

  let archive: any TensorArchive

  /// The files that are read, so that no output takes their place.
  package var files: [SourceFile] { archive.files }

  /// Opens an `.npz` or `.safetensors` file.
  ///
  /// Throws where it is not a golden file, or where its inputs do not fit together.
  package init(
    _ path: FilePath, _ options: ArchiveOptions = ArchiveOptions()
  ) throws(FileError) {
    self.path = path
    archive = try ArchiveRegistry.open(path, options)
    inputs = try Self.inputs(archive, path)
    var stages: [Stage: TensorDescription] = [:]
    for tensor in archive.tensors {
      if let stage = Stage(name: tensor.name) { stages[stage] = tensor }
    }
    self.stages = stages
  }

  /// The values of one stage of the file.
  package func values(of stage: Stage) throws(FileError) -> GoldenStage {
    let tensor = try checkType(of: stage)
    let bytes = try archive.bytes(of: tensor)
    try archive.finish()
    guard bytes.count == tensor.byteCount,
      let values = unsafe bytes.span.bytes.doubles(of: tensor.type)
    else { throw wrongType(tensor) }
    return GoldenStage(stage: stage, shape: tensor.shape, type: tensor.type, values: values)
  }

  /// One stage of the file, as exactly as it was recorded.
  func expected(_ stage: Stage) throws(FileError) -> ExpectedStage {
    let recorded = try values(of: stage)
    return ExpectedStage(
      shape: recorded.shape, values: recorded.values, roundoff: recorded.precision.roundoff)
  }

  /// The description of one stage of the file; throws where its numbers are of no type that outputs
  /// have.
  @discardableResult
  func checkType(of stage: Stage) throws(FileError) -> TensorDescription {
    guard let tensor = stages[stage] else {
      throw FileError(path.string, .missing("the array '\(stage.name)'"))
    }
    guard tensor.type.isFloatingPoint else { throw wrongType(tensor) }
    return tensor
  }

  private func wrongType(_ tensor: TensorDescription) -> FileError {
    FileError(
      path.string,
      .mismatch(of: "the outputs' type", expected: "floating point", found: tensor.type.name),
      tensor: tensor.name, remedy: "record the outputs as float32 or float64")
  }

  /// ALBERT's inputs in an archive; nil where it has no ids.
  static func inputs(
    _ archive: any TensorArchive, _ path: FilePath
  ) throws(FileError) -> ModelInputs? {
    var tensors = archive.tensors.byName
    // An array alone in an .npy file has no name of its own.
    if path.extension == "npy", let only = archive.tensors.first, archive.tensors.count == 1 {
      tensors[InputName.inputIDs] = only
    }
    guard let ids = tensors[InputName.inputIDs] else { return nil }
    func array(_ tensor: TensorDescription) throws(FileError) -> ModelInputs.StoredArray {
      (tensor.shape, try integers(archive, tensor, path))
    }
    return try ModelInputs(
      try array(ids), path: path.string
    ) { (name) throws(FileError) in
      guard let tensor = tensors[name] else { return nil }
      return try array(tensor)
    }
  }

  private static func integers(
    _ archive: any TensorArchive, _ tensor: TensorDescription, _ path: FilePath
  ) throws(FileError) -> [Int] {
    let bytes = try archive.bytes(of: tensor)
    try archive.finish()
    guard !tensor.type.isFloatingPoint, bytes.count == tensor.byteCount,
      let values = unsafe bytes.span.bytes.doubles(of: tensor.type)
    else {
      throw FileError(
        path.string,
        .mismatch(of: "the inputs' type", expected: "int64 or int32", found: tensor.type.name),
        tensor: tensor.name, remedy: "save the inputs as int64")
    }
    // What exceeds 2^53 is not an id of any model, so that its rounding does not matter.
    return values.map { Int(exactly: $0) ?? .max }
  }
}
