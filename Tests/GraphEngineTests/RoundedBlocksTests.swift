import AlbertBytes
import AlbertGraphEngine
import AlbertGraphs
import AlbertTensors
import Testing

/// Products with packed weights for which a runtime may round what goes in.
@Suite struct RoundedBlocksTests {
  /// What onnxruntime 1.32 gives for accuracy level 4; of 2 bits it has no such kernel for blocks of
  /// 16 and 256.
  private static let recorded: [(bits: Int, block: Int, result: [Double])] = [
    (4, 32, [-0.13044622540473938, -0.3926510512828827]),
    (8, 32, [-0.5227025747299194, 16.604331970214844]),
    (2, 16, [0.12666666507720947, -0.08333329111337662]),
    (2, 32, [0.08398950845003128, -0.2367454171180725]),
    (2, 128, [0.07060367614030838, -0.12545931339263916]),
    (2, 256, [0.07000000774860382, 0.17333334684371948]),
  ]

  private func product(_ bits: Int, _ block: Int, _ mode: GraphMode) throws -> [Double] {
    let (inner, columns) = (40, 2)
    let blocks = (inner - 1) / block + 1
    let byteCount = columns * blocks * block * bits / 8
    let bytes = (0..<byteCount).map { index -> Int64 in Int64((index * 37 + 11) % 256) }
    let scales = (0..<columns * blocks).map { index -> Double in
      Double(Float(0.01) * Float(index + 1))
    }
    let numbers = (0..<inner).map { index -> Double in Double(Float(index * 7 % 11 - 5) / 3) }
    let node = GraphNode(
      name: "n", operation: "MatMulNBits", domain: "com.microsoft", version: 1,
      inputs: ["x", "weights", "scales"], outputs: ["y"],
      attributes: [
        "K": .integer(inner), "N": .integer(columns), "bits": .integer(bits),
        "block_size": .integer(block), "accuracy_level": .integer(4),
      ])
    let graph = Graph(
      nodes: [node], inputs: ["x", "weights", "scales"].map { GraphPort(name: $0) },
      outputs: [GraphPort(name: "y")])
    let values = [
      "x": GraphValue(numbers, .float32, Shape([1, inner])),
      "weights": GraphValue(bytes, .uint8, Shape([columns, blocks, block * bits / 8])),
      "scales": GraphValue(scales, .float32, Shape([columns * blocks])),
    ]
    return try GraphEngine(GraphRunner.model(graph), mode: mode).run(values)[0].doubles
  }

  @Test(arguments: recorded.indices) func asTheRuntimeRounds(index: Int) throws {
    let (bits, block, result) = Self.recorded[index]
    for (number, expected) in zip(try product(bits, block, .declared), result) {
      #expect(abs(number - expected) < 1e-5, "\(number) \(expected)")
    }
  }

  /// The graph only allows the rounding, so that a run in Float64 does without it.
  @Test func float64DoesNotRound() throws {
    let exact = try product(4, 32, .float64)
    let rounded = try product(4, 32, .declared)
    #expect(zip(exact, rounded).contains { abs($0 - $1) > 1e-4 })
  }
}
