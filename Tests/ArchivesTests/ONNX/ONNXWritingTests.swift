import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import Testing

@Suite struct ONNXWritingTests {
  private static let tensors = [
    TensorDescription(name: "w", type: .float32, shape: Shape([2, 3])),
    TensorDescription(name: "half", type: .float16, shape: Shape([5])),
    TensorDescription(name: "brain", type: .bfloat16, shape: Shape([1])),
    TensorDescription(name: "empty", type: .float64, shape: Shape([0, 4])),
    TensorDescription(name: "pages", type: .int8, shape: Shape([5000])),
  ]

  /// A model with every kind of attribute, constant and extent.
  private func model(_ tensors: [TensorDescription] = tensors) -> ONNXModelDescription {
    var model = ONNXModelDescription(
      name: "small", producer: "albert", producerVersion: "1.2.3",
      metadata: [("second", "ä"), ("first", "")])
    model.nodes = [
      OperatorNode(
        name: "product", operation: "Gemm", inputs: ["x", "w", ""], outputs: ["y"],
        attributes: [
          "transB": .integer(1), "alpha": .number(0.5), "kind": .text("none"),
          "list": .integers([3, -1]), "factors": .numbers([1.5, -2]), "left": .other("out"),
        ])
    ]
    model.inputs = [
      ONNXValue(name: "x", type: .float32, extents: [.named("batch"), .fixed(3)])
    ]
    model.outputs = [ONNXValue(name: "y", type: .float32, extents: [.named("batch"), .fixed(2)])]
    model.constants = [
      ONNXConstant(name: "number", Float(-0.25)), ONNXConstant(name: "index", -7),
      ONNXConstant(name: "list", [1, -1, 1 << 40]),
    ]
    model.tensors = tensors
    return model
  }

  /// Bytes that differ from tensor to tensor.
  private func content(_ tensor: TensorDescription, _ index: Int) -> [UInt8] {
    (0..<tensor.byteCount).map { UInt8(truncatingIfNeeded: $0 * 7 + index * 31 + 1) }
  }

  private func write(
    _ layout: some ArchiveLayout, _ tensors: [TensorDescription] = tensors
  ) throws -> [UInt8] {
    let sink = TilingSink(count: layout.byteCount)
    for (index, tensor) in tensors.enumerated() {
      sink.write(content(tensor, index), at: layout.ranges[index].lowerBound)
    }
    try layout.finish(WrittenTensors(tensors.map { _ in .none }), to: sink)
    #expect(sink.isTiled)
    return sink.bytes
  }

  /// Opens a written model and checks all that was put in.
  private func check(_ archive: any TensorArchive) throws {
    for (index, tensor) in Self.tensors.enumerated() {
      #expect(archive.tensors.contains(tensor))
      #expect(try archive.bytes(of: tensor) == content(tensor, index), "\(tensor.name)")
    }
    #expect(archive.metadata["second"] == "ä")
    #expect(archive.metadata["first"] == "")
    #expect(archive.metadata["onnx.ir_version"] == "8")
    #expect(archive.metadata["onnx.opset"] == "17")
    #expect(archive.metadata["onnx.producer"] == "albert 1.2.3")
    let graph = try #require(archive.graph)
    #expect(graph.inputs == ["x"])
    #expect(graph.outputs == ["y"])
    let node = try #require(graph.nodes.first)
    #expect(node.name == "product")
    #expect(node.inputs == ["x", "w", ""])
    #expect(
      node.attributes == [
        "transB": .integer(1), "alpha": .number(0.5), "kind": .text("none"),
        "list": .integers([3, -1]), "factors": .numbers([1.5, -2]),
      ])
    #expect(graph.constants["number"]?.scalar == -0.25)
    #expect(graph.constants["index"]?.scalar == -7)
    #expect(graph.constants["list"]?.integers == [1, -1, 1 << 40])
  }

  @Test func oneFileHoldsAll() throws {
    let layout = try ONNXLayout(model(), path: "model.onnx")
    let bytes = try write(layout)
    let scratch = try Scratch()
    try check(ArchiveRegistry.open(try scratch.write(bytes, "model.onnx")))
    #expect(try write(try ONNXLayout(model(), path: "other.onnx")) == bytes)
    #expect(layout.digest == .none)
  }

  @Test func tensorsMayStandBesideTheModel() throws {
    let layout = try ONNXExternalLayout(Self.tensors, path: "model.onnx.data")
    let starts = layout.ranges.map(\.lowerBound)
    #expect(starts == [0, 64, 128, 192, 4096])
    #expect(layout.byteCount == 9096)
    let data = try write(layout)
    let digest = unsafe XXH3Digest.of(data.span.bytes)
    let model = try layout.model(
      model(), location: "model.onnx.data", digest: digest, path: "model.onnx")
    #expect(model.count < 1000)
    let scratch = try Scratch()
    try scratch.write(data, "model.onnx.data")
    let archive = try ArchiveRegistry.open(try scratch.write(model, "model.onnx"))
    #expect(archive.files.map(\.name) == ["model.onnx", "model.onnx.data"])
    try check(archive)
    #expect(archive.metadata["albert.data"]?.contains(digest.description) == true)

    // Any other file of that name is noticed: by its length at once, else when it is read.
    try scratch.write(data + [0], "model.onnx.data")
    let text = failure { try ArchiveRegistry.open(scratch.folder.appending("model.onnx")) }
    #expect(text.contains("model.onnx.data: the length of the data that 'model.onnx' takes"))
    #expect(text.contains("expected 9096 bytes, found 9097 bytes"))
    for place in [0, 100, data.count - 1] {
      var other = data
      other[place] ^= 1
      try scratch.write(other, "model.onnx.data")
      let archive = try ArchiveRegistry.open(scratch.folder.appending("model.onnx"))
      let text = failure { try check(archive) }
      #expect(
        text.contains("model.onnx.data: the data that 'model.onnx' takes does not match"),
        "\(place)")
    }
  }

  @Test func gigabytesAreLaidOutByTheirSizeAlone() throws {
    let large = [
      TensorDescription(name: "w", type: .float32, shape: Shape([500_000_000])),
      TensorDescription(name: "v", type: .float32, shape: Shape([500_000_000])),
    ]
    #expect(
      failure { try ONNXLayout(model(large), path: "model.onnx") }.hasSuffix(
        "more than the 2147483647 accepted; keep its tensors in a file beside it"))
    let layout = try ONNXExternalLayout(large, path: "model.onnx.data")
    #expect(layout.ranges[1].lowerBound == 2_000_003_072)
    #expect(
      try layout.model(
        model(large), location: "d", digest: XXH3Digest.of(RawSpan()), path: "model.onnx"
      ).count < 1000)
  }

  @Test func moreThanCanBeCountedIsRefused() {
    let huge = (0..<99).map {
      TensorDescription(name: "huge.\($0)", type: .float64, shape: Shape([1 << 54]))
    }
    #expect(
      failure { try ONNXLayout(model(huge), path: "model.onnx") }.contains("the size of an ONNX"))
    #expect(
      failure { try ONNXExternalLayout(huge, path: "data") }.contains("the end of the data"))
  }

  @Test func whatONNXCannotSayIsRefused() throws {
    let opaque = [TensorDescription(name: "w", type: .opaque, shape: Shape([2]))]
    #expect(
      failure { try ONNXLayout(model(opaque), path: "model.onnx") }.contains(
        "ONNX has no code for its element type"))
    let twice = [TensorDescription(name: "y", type: .float32, shape: Shape([2]))]
    #expect(
      failure { try ONNXLayout(model(twice), path: "model.onnx") }.contains(
        "a graph cannot have two values named 'y'"))
    let layout = try ONNXExternalLayout(twice, path: "data")
    #expect(
      failure {
        _ = try layout.model(
          model(), location: "data", digest: XXH3Digest.of(RawSpan()), path: "model.onnx")
      }.contains(
        "the tensors of the model: expected those laid out in 'data', found others"))
  }

  /// A cast and a product with a scale are read as the dequantisation that they are.
  @Test(arguments: [0, 1]) func scaledIntegersAreNumbers(_ axis: Int) throws {
    var model = ONNXModelDescription(name: "g", producer: "p", producerVersion: "1")
    model.tensors = [
      TensorDescription(name: "q", type: .int8, shape: Shape([2, 3])),
      TensorDescription(
        name: "q.scale", type: .float32, shape: Shape(axis == 0 ? [2, 1] : [1, 3])),
    ]
    model.nodes = [
      OperatorNode(
        operation: "Cast", inputs: ["q"], outputs: ["cast"], attributes: ["to": .integer(1)]),
      OperatorNode(operation: "Mul", inputs: ["cast", "q.scale"], outputs: ["numbers"]),
    ]
    let layout = try ONNXLayout(model, path: "model.onnx")
    let sink = TilingSink(count: layout.byteCount)
    try layout.finish(WrittenTensors([0, 0].map(TensorDigest.crc)), to: sink)
    sink.write([1, 2, 3, 0xFF, 0xFE, 0x80], at: layout.ranges[0].lowerBound)
    let scales: [Float] = axis == 0 ? [0.5, 4] : [0.5, 4, 2]
    sink.write(
      scales.flatMap { scale in
        (0..<4).map { UInt8(truncatingIfNeeded: scale.bitPattern >> (8 * $0)) }
      },
      at: layout.ranges[1].lowerBound)
    let scratch = try Scratch()
    let archive = try ArchiveRegistry.open(try scratch.write(sink.bytes, "model.onnx"))
    let q = TensorDescription(name: "q", type: .float32, shape: Shape([2, 3]))
    #expect(archive.tensors.contains(q))
    let bytes = try archive.bytes(of: q)
    let numbers = unsafe bytes.span.bytes.floats(of: .float32)
    #expect(
      numbers == (axis == 0 ? [0.5, 1, 1.5, -4, -8, -512] : [0.5, 8, 6, -0.5, -8, -256]))
    #expect(archive.graph?.producer(of: "numbers")?.operation == "DequantizeLinear")
  }
}
