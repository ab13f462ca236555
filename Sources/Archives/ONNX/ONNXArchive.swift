internal import AlbertBytes
internal import SystemPackage
internal import AlbertTensors

/// An ONNX model: its initializers as tensors, and its operators as the graph over them.
struct ONNXArchive: TensorArchive {
  var format: String { ONNXFormat.name }
  let files: [SourceFile]
  let tensors: [TensorDescription]
  let metadata: ArchiveMetadata
  let notes: [ArchiveNote]
  let graph: OperatorGraph?

  /// Where each tensor's data lie, by name.
  let data: [String: ONNXTensorData]
  /// Tensors of integers that the graph turns back into numbers, by name.
  let quantizations: [String: ONNXQuantization]
  /// Tensors of packed integers that the graph turns back block by block, by name.
  let blocks: [String: ONNXBlocks]
  /// What the model states of the files beside it.
  let checksums: ONNXChecksums

  func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    guard let source = data[name] else {
      throw missing("tensor '\(name)'")
    }
    guard source.tensor.type != .opaque else {
      throw FileError(
        files[0].path.string, .unsupported("ONNX's element type \(source.tensor.code)"),
        tensor: name)
    }
    var blocked = try blocks[name].map(dequantizer)
    var quantized = try quantizations[name].map { (quantization) throws(FileError) in
      try dequantizer(source.description, quantization)
    }
    try source.read { (window) throws(FileError) in
      guard let bytes = blocked?(window) ?? quantized?(window) else { return try body(window) }
      try unsafe body(bytes.span.bytes)
    }
  }

  /// A tensor of plain numbers in one run of bytes lies in its file as it is.
  func place(of name: String) -> TensorPlace? {
    guard let source = data[name], source.tensor.type != .opaque, blocks[name] == nil,
      quantizations[name] == nil
    else { return nil }
    return source.place
  }

  /// Checks the files beside the model, and that no file has changed.
  func finish() throws(FileError) {
    try checksums.verify()
    for file in files { try file.checkUnchanged() }
  }

  private func dequantizer(_ blocks: ONNXBlocks) throws(FileError) -> ONNXBlockDequantizer {
    var zeros: [Int] = []
    var offsets: [Float] = []
    switch blocks.zero {
    case .fixed(let zero): zeros = [zero]
    case .packed(let name, let codes):
      guard let source = data[name] else { throw missing("the numbers of '\(name)'") }
      var reader = PackedCodeReader(codes)
      try source.read { (window) throws(FileError) in reader.read(window) { zeros.append($0) } }
    case .numbers(let name): offsets = try numbers(name).map { Float($0) }
    case .table: break
    }
    return ONNXBlockDequantizer(
      blocks, scales: try numbers(blocks.scales).map { Float($0) }, zeros: zeros, numbers: offsets)
  }

  private func dequantizer(
    _ tensor: TensorDescription, _ quantization: ONNXQuantization
  ) throws(FileError) -> ONNXDequantizer {
    var zeroPoints = [0]
    if let zero = quantization.zeroPoint {
      zeroPoints = try numbers(zero).compactMap { Int(exactly: $0) }
    }
    var scales: [Float] = [1]
    for name in quantization.scales {
      let factors = try numbers(name).map { Float($0) }
      let count = max(scales.count, factors.count)
      scales = (0..<count).map { index in
        scales[scales.count == 1 ? 0 : index] * factors[factors.count == 1 ? 0 : index]
      }
    }
    return ONNXDequantizer(
      tensor, axis: quantization.axis, scales: scales, zeroPoints: zeroPoints,
      rounding: quantization.rounding)
  }

  /// All numbers of a scale or zero point, of which there is at least one.
  private func numbers(_ name: String) throws(FileError) -> [Double] {
    if let values = graph?.constants[name]?.values, !values.isEmpty { return values }
    guard let source = data[name] else { throw missing("the numbers of '\(name)'") }
    let bytes = try source.bytes()
    let values = unsafe bytes.span.bytes.doubles(of: source.tensor.type)
    guard let values, !values.isEmpty else { throw missing("the numbers of '\(name)'") }
    return values
  }

  private func missing(_ what: String) -> FileError {
    FileError(files[0].path.string, .missing(what))
  }
}
