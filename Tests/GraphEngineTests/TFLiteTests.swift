import AlbertBytes
import AlbertGraphEngine
import AlbertGraphs
import AlbertNodeCases
import AlbertTensors
import Testing

/// TensorFlow Lite's files as graphs; that they compute the right numbers is in `NodeTests`.
@Suite struct TFLiteTests {
  private func model(_ kind: String) throws -> [UInt8] {
    try #require(NodeTests.tflite.first { $0.name == kind }).model
  }

  @Test func weightsStayAsTheyAreStored() throws {
    let types = try ["gelu_new-float32", "gelu_new-float16", "gelu_new-dynamic"].map { kind in
      let graph = try LiteFile.opened(try model(kind)).graph
      let largest = graph.initializers.values.max { $0.shape.count < $1.shape.count }
      return largest?.type
    }
    #expect(types == [.float32, .float16, .int8])
  }

  @Test func inputsBearTheCallersNames() throws {
    let graph = try LiteFile.opened(try model("gelu_new-float32")).graph
    #expect(
      graph.inputs.map(\.name).sorted() == ["attention_mask", "input_ids", "token_type_ids"])
    #expect(graph.inputs.allSatisfy { $0.type == .int32 && $0.extents == [.fixed(1), .fixed(8)] })
  }

  /// An operator without a translation is named before anything runs.
  @Test func unknownOperatorsAreListed() throws {
    let bytes = try model("gelu_new-float32")
    // GELU's code, 150, takes four bytes, which may stand for something else too.
    let places = bytes.indices.filter {
      $0 + 4 <= bytes.count && Array(bytes[$0..<$0 + 4]) == [150, 0, 0, 0]
    }
    let missing = places.compactMap { place in
      var changed = bytes
      changed[place] = 199
      return (try? LiteFile.opened(changed)).map { GraphEngine.missing(in: $0.graph) }
    }
    #expect(missing.contains(["tflite.STABLEHLO_SORT (version 1), 2 nodes"]))
  }

  /// A file that was cut or damaged anywhere is refused, or runs; it never ends the program.
  @Test func damagedFilesAreErrors() throws {
    let bytes = try model("gelu_new-dynamic")
    for length in [0, 4, 8, 40, bytes.count / 2, bytes.count - 1] {
      #expect(throws: FileError.self) {
        try GraphEngine(try LiteFile.opened(Array(bytes.prefix(length)))).run([:])
      }
    }
    for (index, place) in stride(from: 0, to: bytes.count, by: bytes.count / 90).enumerated() {
      do {
        var damaged = bytes
        damaged[place] = ([0x00, 0x7F, 0xFF] as [UInt8])[index % 3]
        let engine = try GraphEngine(try LiteFile.opened(damaged))
        var inputs: [String: GraphValue] = [:]
        for port in engine.model.graph.inputs {
          inputs[port.name] = GraphValue([Int64](repeating: 1, count: 8), .int32, Shape([1, 8]))
        }
        _ = try engine.run(inputs, budget: 0.01)
      } catch is FileError {}
    }
  }
}
