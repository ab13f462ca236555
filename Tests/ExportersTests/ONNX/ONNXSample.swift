import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertConversion
import SystemPackage
import AlbertTensors

@testable import AlbertExporters

/// A small model with made-up weights as an ONNX file.
struct ONNXSample {
  var config = AlbertConfig(
    vocabSize: 23, embeddingSize: 6, hiddenSize: 8, intermediateSize: 10, maxPositionEmbeddings: 7,
    typeVocabSize: 2, numHiddenLayers: 3, numAttentionHeads: 2, hiddenAct: .geluTanh)
  var contents = ModelContents.preTraining
  var type = ElementType.float32

  func type(of parameter: Parameter) -> ElementType {
    guard type == .int8 else { return type }
    return parameter.role.isLinearWeight || parameter.role.isEmbedding ? .int8 : .float32
  }

  var graph: AlbertGraph { AlbertGraph(config, contents, type: type) }

  var tensors: [OutputTensor] { graph.tensors }

  var model: ONNXModelDescription { graph.model(by: "albert 1") }

  /// Small numbers that differ from tensor to tensor, as the tensor's element type.
  func content(_ output: OutputTensor) -> [UInt8] {
    let tensor = output.tensor
    let isScale = tensor.name == ONNXWeights.scale(of: output.parameter)
    var state = tensor.name.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
    return (0..<tensor.shape.count).flatMap { _ -> [UInt8] in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let integer = Int(state >> 33) % 255 - 127
      let number = isScale ? Float(abs(integer) + 1) / 4096 : Float(integer) / 512
      switch tensor.type {
      case .int8: return [UInt8(bitPattern: Int8(integer))]
      case .float16: return bytes(Float16(number).bitPattern)
      case .bfloat16: return bytes(UInt16(truncatingIfNeeded: number.bitPattern >> 16))
      default: return bytes(number.bitPattern)
      }
    }
  }

  /// The number that each element of a parameter stands for.
  func numbers(_ parameter: Parameter) -> [Float] {
    let parts = tensors.filter { $0.parameter == parameter }
    guard let output = parts.first, let numbers = floats(output) else { return [] }
    guard let scales = parts.dropFirst().first.flatMap(floats) else { return numbers }
    let width = numbers.count / scales.count
    return numbers.indices.map { numbers[$0] * scales[$0 / width] }
  }

  private func floats(_ output: OutputTensor) -> [Float]? {
    let bytes = content(output)
    if output.tensor.type == .int8 { return bytes.map { Float(Int8(bitPattern: $0)) } }
    return unsafe bytes.span.bytes.floats(of: output.tensor.type)
  }

  private func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    stride(from: 0, to: T.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: value >> T($0)) }
  }

  /// The whole file.
  func file() throws -> [UInt8] {
    try written(try ONNXLayout(model, path: "model.onnx"))
  }

  func written(_ layout: some ArchiveLayout) throws -> [UInt8] {
    let sink = try MemorySink(count: layout.byteCount)
    for (index, tensor) in tensors.enumerated() {
      let bytes = content(tensor)
      try unsafe sink.write(bytes.span.bytes, at: layout.ranges[index].lowerBound)
    }
    try layout.finish(WrittenTensors(tensors.map { _ in .none }), to: sink)
    return sink.bytes.withBytes(0..<layout.byteCount) { span in
      unsafe span.withUnsafeBytes { unsafe [UInt8]($0) }
    }
  }
}
