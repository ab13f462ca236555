internal import AlbertBytes
internal import SystemPackage

/// Models of other runtimes, which are not read: known by their first bytes, by their name where the
/// bytes tell too little, or by what lies beside them.
enum ForeignModel {
  /// One format that is not read.
  fileprivate struct Kind {
    let offset: Int
    let magic: [UInt8]
    /// Such as `an ExecuTorch program`.
    let title: String
    var holdsNoWeights = false
    /// What a name must end in besides; empty for any.
    var endings: [String] = []
    var remedy = ForeignModel.remedy
  }

  private static let remedy: Remedy = "name the checkpoint that it was made from"

  private static func magic(_ text: String, at offset: Int = 0, _ title: String) -> Kind {
    Kind(offset: offset, magic: Array(text.utf8), title: title)
  }

  /// Bytes that say it alone.
  private static let kinds = [
    magic("ET12", at: 4, "an ExecuTorch program"),
    magic("GGUF", "a GGUF file"),
    magic("7767517", "an ncnn model"),
    magic("RKNN", "an RKNN model"),
    magic("lmgg", "a GGML file"),
    magic("tjgg", "a GGML file"),
    magic("ftrt", "a TensorRT engine"),
    magic("ptrt", "a TensorRT engine"),
    // Behind a version and the length of what kind of model it is.
    magic("TransformerEncoderSpec", at: 6, "a CTranslate2 model"),
    // A map of four lists in MessagePack.
    Kind(
      offset: 0, magic: [0x84, 0xA5] + Array("nodes".utf8), title: "a model of spaCy (Thinc)",
      remedy:
        "save the transformer that lies in it with its save_pretrained in Python, and name that"
    ),
    Kind(
      offset: 4, magic: Array("ORTM".utf8), title: "a model in onnxruntime's own format",
      remedy: "name the .onnx file that it was made from"),
    Kind(offset: 0, magic: [0x12, 0x01, 0, 0, 0, 0, 0, 0], title: "an MXNet parameter file"),
  ]

  /// Bytes that say it together with the name.
  private static let named = [
    Kind(
      offset: 0, magic: [0x08], title: "a Core ML model", endings: [".mlmodel"]),
    Kind(
      offset: 0, magic: [0x0A], title: "the graph of a TensorFlow checkpoint",
      holdsNoWeights: true, endings: [".meta"],
      remedy: "copy the .index and .data-… files of the same checkpoint beside it"),
    Kind(
      offset: 0, magic: [0x0A], title: "a MindSpore model", endings: [".mindir"]),
    Kind(
      offset: 0, magic: [0x0A], title: "the program of a Paddle inference model",
      endings: [".pdmodel", "__model__"], remedy: paddleRemedy),
    Kind(
      offset: 0, magic: Array(repeating: 0, count: 16),
      title: "the parameters of a Paddle inference model",
      endings: [".pdiparams", "__params__"], remedy: paddleRemedy),
  ]

  private static let paddleRemedy: Remedy = "name the .pdparams file that it was exported from"

  /// The words with which MindSpore's checkpoints state a tensor's type.
  private static let mindSporeTypes = [
    "Float16", "Float32", "Float64", "BFloat16", "Int8", "Int32",
  ]

  /// The error by the first bytes alone.
  static func known(_ path: String, head: [UInt8]) -> FileError? {
    if let kind = kinds.first(where: { $0.fits(head) }) { return kind.error(path) }
    let text = String(decoding: head.prefix(1024), as: UTF8.self)
    if text.hasPrefix("<?xml") || text.hasPrefix("<net "), text.contains("<net ") {
      return error(path, "an OpenVINO model (IR)")
    }
    return nil
  }

  /// The error by the name, by more of the bytes, or by the file's neighbours.
  static func error(_ file: SourceFile, head: [UInt8]) -> FileError? {
    let path = file.path.string
    if let kind = named.first(where: {
      $0.fits(head) && $0.endings.contains(where: file.name.hasSuffix)
    }) {
      return kind.error(path)
    }
    if orbaxFiles.contains(file.name) { return error(path, orbax, orbaxRemedy) }
    if isMindSpore(head) { return error(path, "a MindSpore checkpoint") }
    let text = String(decoding: head.prefix(400), as: UTF8.self).filter { !$0.isWhitespace }
    if text.hasPrefix("{"), text.contains("\"magic\":\"pir\"") {
      return error(path, "the program of a Paddle inference model", paddleRemedy)
    }
    if text.hasPrefix("{"),
      text.contains("\"modelTopology\"") || text.contains("\"layers-model\"")
        || text.contains("\"graph-model\"")
    {
      return error(path, "a TensorFlow.js model")
    }
    if text.hasPrefix("{\"nodes\":[{\"op\":") {
      return error(path, "the graph of an MXNet model")
    }
    // `model.onnx_data`, `model.onnx_data_1`, `model.onnx.data`, and one that its digest names.
    if file.name.contains(".onnx_data")
      || (file.name.contains(".onnx.") && file.name.hasSuffix(".data"))
    {
      return FileError(
        path, .malformed("this is the data of an ONNX model, whose graph is a file of its own"),
        remedy: "name the .onnx file that belongs to it")
    }
    return file.name.hasSuffix(".bin") ? weightsBeside(file) : nil
  }

  /// The error for bare numbers that another file describes.
  private static func weightsBeside(_ file: SourceFile) -> FileError? {
    let folder = file.path.removingLastComponent()
    if folder.removingLastComponent().lastComponent?.string == "com.apple.CoreML" {
      return error(
        file.path.string, "the part of a Core ML model (.mlpackage) that holds its weights")
    }
    let stem = String(file.name.dropLast(".bin".count))
    func head(_ name: String) -> [UInt8] {
      guard let other = try? SourceFile(folder.appending(name)) else { return [] }
      return (try? other.head(1024)) ?? []
    }
    let graph = String(decoding: head(stem + ".xml"), as: UTF8.self)
    if graph.contains("<net ") {
      return error(
        file.path.string, "the part of an OpenVINO model (IR) that '\(stem).xml' describes")
    }
    // `group1-shard1of1.bin` beside `model.json`.
    let isShard =
      stem.contains("-shard")
      && String(decoding: head("model.json"), as: UTF8.self)
        .contains("odel")
    return isShard ? error(file.path.string, "a part of a TensorFlow.js model") : nil
  }

  /// The error for a folder that is a model of another runtime as a whole.
  static func error(folder: FilePath, _ names: [FilePath.Component]) -> FileError? {
    let isPackage =
      names.contains("Manifest.json")
      && folder.pushing("Data/com.apple.CoreML").isFolder
    if isPackage || names.contains("coremldata.bin") {
      return error(folder.string, "a Core ML model")
    }
    if names.contains(where: { orbaxFiles.contains($0.string) }) {
      return error(folder.string, orbax, orbaxRemedy)
    }
    return nil
  }

  /// What Orbax puts into each of its folders: one of a step, one of a tree of arrays.
  private static let orbaxFiles = ["_CHECKPOINT_METADATA", "_METADATA", "manifest.ocdbt"]
  private static let orbax = "an Orbax checkpoint"
  private static let orbaxRemedy: Remedy =
    "restore it in Python with orbax.checkpoint, save its parameters with flax.serialization.to_bytes as a "
    + ".msgpack file, and name that"

  /// A row of values, each a name and a tensor that states its type by a word.
  private static func isMindSpore(_ head: [UInt8]) -> Bool {
    guard head.count > 4, head[0] == 0x0A, head.prefix(8).dropFirst(2).contains(0x0A) else {
      return false
    }
    return mindSporeTypes.contains { word in
      let mark = [0x12, UInt8(word.utf8.count)] + Array(word.utf8) + [0x1A]
      return head.indices.contains { head[$0...].starts(with: mark) }
    }
  }

  static func error(
    _ path: String, _ title: String, _ remedy: Remedy = ForeignModel.remedy
  ) -> FileError {
    FileError(path, .malformed("this is \(title), which is not read"), remedy: remedy)
  }
}

extension ForeignModel.Kind {
  fileprivate func fits(_ head: [UInt8]) -> Bool {
    head.dropFirst(offset).starts(with: magic)
  }

  fileprivate func error(_ path: String) -> FileError {
    FileError(
      path,
      .malformed("this is \(title), which \(holdsNoWeights ? "holds no weights" : "is not read")"),
      remedy: remedy)
  }
}
