internal import AlbertBytes
internal import SystemPackage

/// All formats that models are written in.
package enum ExportRegistry {
  /// One line per format; of two that claim an ending the first counts.
  package static let formats: [any OutputFormat.Type] = [
    NativeExport.self,
    SafetensorsExport.self,
    HuggingFaceExport.self,
    PyTorchExport.self,
    TensorFlowExport.self,
    FlaxExport.self,
    NumPyExport.self,
    ONNXExport.self,
    KerasH5Export.self,
    Keras3H5Export.self,
  ]

  /// The format of a word of `--to`; nil for any other word.
  package static func named(_ word: String) -> (any OutputFormat.Type)? {
    formats.first { $0.name == word }
  }

  /// The format of an output: the one that is named, else by the output's ending, else the native one.
  ///
  /// Nil where the ending promises a format that is not written.
  static func format(_ named: ExportFormat?, of output: FilePath) -> ExportFormat? {
    named ?? claiming(output.lastComponent?.string.lowercased() ?? "").map { ExportFormat($0) }
  }

  /// The error that tells that an output's ending promises a format that is not written.
  static func foreignEnding(of output: FilePath) -> FileError {
    FileError(
      output.string, .unsupported("writing the format that its ending promises"),
      remedy: "name one of \(formats.map { $0.name }.joined(separator: ", ")) with \(.format)")
  }

  /// The format that a file's name stands for; nil where it promises one that is not written.
  private static func claiming(_ name: String) -> (any OutputFormat.Type)? {
    // A longer ending says more: `.weights.h5` is not a mere `.h5`.
    let claims = formats.filter { $0.claimsEndings }.flatMap { format in
      format.endings.filter { name.hasSuffix($0) }.map { (length: $0.count, format: format) }
    }
    if let best = claims.max(by: { $0.length < $1.length }) { return best.format }
    let isForeign = foreignEndings.contains { name.hasSuffix($0) } || name.contains(".data-0")
    return isForeign ? nil : formats[0]
  }

  /// Endings of model files that no format here writes under that name.
  private static let foreignEndings = [
    ".ckpt", ".meta", ".keras", ".hdf5", ".npy", ".pkl", ".pickle", ".pt2", ".ptl", ".ot",
    ".pdparams",
    ".pdmodel", ".pdiparams", ".params", ".mindir", ".pb", ".pbtxt", ".tflite", ".lite", ".ort",
    ".pte",
    ".mlmodel", ".mlpackage", ".mlmodelc", ".gguf", ".ggml", ".engine", ".trt", ".xml", ".json",
    ".jsonl",
    ".yaml", ".yml", ".txt", ".md", ".csv", ".html", ".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz",
    ".zst",
    ".7z", ".model", ".vocab", ".db", ".sqlite", ".data", ".onnx_data", ".distcp", ".t7",
  ]
}
