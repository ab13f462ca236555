import AlbertBytes
import AlbertGraphEngine
import AlbertGraphs
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertVerification

/// Graphs that are no transformers: what they take, and what they are held against.
@Suite struct OtherGraphTests {
  static let names = [
    "perceptron", "perceptron-dynamo", "many", "table", "loop", "condition", "clusters", "classes",
    "neighbours", "signal", "lstm", "gru", "rnn", "images",
  ]

  static func path(_ name: String) -> FilePath {
    PackageFiles.fixtures.appending("other-graphs/\(name)")
  }

  private func graph(_ name: String) throws -> OtherGraph {
    let path = Self.path(name == "images" ? "images.tflite" : "\(name).onnx")
    return try OtherGraph(path, refused: FileError(path.string, .missing("any ALBERT")))
  }

  /// What onnxruntime computed, with the inputs beside it.
  @Test(arguments: names)
  func aRuntimesOutputsAreAGoldenFile(name: String) throws {
    let result = try Verification.verify(
      try graph(name), against: nil, golden: try GoldenFile(Self.path("\(name).npz")))
    #expect(result.passes)
    for output in try #require(result.graph).outputs {
      #expect(output.outcome == .pass, "\(output)")
      #expect((output.error?.real.maxAbs ?? 1) < 1e-6)
    }
  }

  /// A golden file of another run fails, in numbers, integers and truth values.
  @Test func whatDiffersFails() throws {
    var options = Verification.Options()
    let golden = try GoldenFile(Self.path("many.npz"))
    let scratch = try Scratch()
    try scratch.write("x.json", Array(#"{"x": [[8,7,6,5,4,3,2,1],[-1,2,-3,4,-5,6,-7,8]]}"#.utf8))
    options.file = try InputsFile(scratch.path("x.json"))
    let result = try Verification.verify(
      try graph("many"), against: nil, golden: golden, options)
    #expect(!result.passes)
    let outputs = try #require(result.graph).outputs
    #expect(outputs.map(\.outcome) == [.fail, .fail, .fail, .fail, .fail])
    #expect(outputs[2].problem == "2 of 2 elements are others")
  }

  /// Both exporters' graphs of one model, on what is made up for both.
  @Test func twoGraphsOfOneModelAreHeldAgainstEachOther() throws {
    let (graph, other) = (try graph("perceptron"), try graph("perceptron-dynamo"))
    let result = try Verification.verify(graph, against: other)
    #expect(result.passes)
    // The names of the outputs differ.
    #expect(
      result.findings.map(\.code) == [
        "graph-not-recognised", "made-up-inputs", "output-of-another-name",
      ])
    #expect(
      result.findings[1].message == "the graph ran on made-up inputs: 'features' float32 [2, 16]")
    var options = Verification.Options()
    options.graph.names = ["probabilities": "answer"]
    options.file = try InputsFile(Self.path("perceptron-dynamo.npz"))
    let mapped = try Verification.verify(graph, against: other, options)
    #expect(mapped.passes)
    #expect(mapped.findings.map(\.code) == ["graph-not-recognised"])
    options.graph.names = ["probabilities": "question"]
    let error = #expect(throws: FileError.self) {
      try Verification.verify(graph, against: other, options)
    }
    #expect(error?.message.contains("there are 'answer'") == true)
  }

  /// What a graph declares is enough to run it.
  @Test(arguments: names)
  func inputsAreMadeUp(name: String) throws {
    let graph = try graph(name)
    let result = try Verification.verify(graph, against: graph)
    #expect(result.passes)
    #expect(try #require(result.graph).outputs.allSatisfy { $0.outcome == .pass })
  }

  /// An index stays within the table that it is looked up in.
  @Test func madeUpIndicesAreRows() throws {
    let model = try graph("table").model
    #expect(model.graph.rows(lookedUpBy: "category") == 20)
    let made = try MadeInputs(model).run { (values) in values }
    #expect(made.result["category"]?.dimensions == [2])
    #expect(made.result["numbers"]?.dimensions == [2, 3])
  }

  private func port(
    _ name: String, _ type: GraphType? = .float32, _ extents: [GraphPort.Extent]? = [.fixed(2)]
  ) -> GraphPort {
    GraphPort(name: name, type: type, extents: extents)
  }

  private func model(_ ports: [GraphPort]) -> GraphModel {
    GraphModel(
      path: "graph", format: "test", graph: Graph(nodes: [], inputs: ports, outputs: []),
      operatorSets: [:], files: [], check: { () throws(FileError) in })
  }

  @Test func whatCannotBeMadeUpIsSaid() {
    for (port, words) in [
      (port("x", nil), "the type and the shape of the input 'x'"),
      (port("x", .float32, nil), "the type and the shape of the input 'x'"),
      (port("x", .string), "the type string of the input 'x'"),
      (port("x", .int8, [.fixed(1 << 40), .fixed(1 << 20)]), "making up an input as large as 'x'"),
      (port("x", .int8, [.fixed(.max), .fixed(.max)]), "making up an input as large as 'x'"),
    ] {
      let error = #expect(throws: FileError.self) {
        try MadeInputs(model([port])).run { (values) in values }
      }
      #expect(error?.message.contains(words) == true, "\(String(describing: error))")
      let advice = error.map { "\($0.advice)" } ?? ""
      #expect(advice.contains("inputs"))
    }
  }

  /// Lengths are tried until no node throws.
  @Test func openLengthsAreTried() throws {
    var tried: [[Int]] = []
    let made = try MadeInputs(model([port("x", .float32, [.named("n"), .unknown])])).run {
      (values) throws(FileError) in
      tried.append(values["x"]?.dimensions ?? [])
      guard tried.count == 4 else {
        throw FileError("graph", .rejected(code: GraphEngine.nodeCode, message: "too small"))
      }
    }
    #expect(tried == [[2, 8], [1, 8], [1, 1], [2, 32]])
    #expect(made.findings.first?.message.contains("[2, 32]") == true)
  }

  @Test func inputsOfTwoGraphsArePaired() {
    let pairs = InputPairs(
      [
        port("a"), port("features", .float32, [.named("n"), .fixed(4)]), port("input_ids", .int64),
        port("left"), port("right", .int64),
      ],
      [
        port("segment", .int32),
        port("serving_default_features:0", .float32, [.fixed(7), .unknown]),
        port("a"), port("input_word_ids", .int32), port("x"),
      ])
    #expect(
      pairs.names == [
        "a": "a", "serving_default_features:0": "features", "input_word_ids": "input_ids",
      ])
    #expect(pairs.merged[1].extents == [.fixed(7), .fixed(4)])
    let value = GraphValue.scalar(1.0, .float32)
    #expect(pairs.values(["features": value]).keys.sorted() == ["serving_default_features:0"])
    // What is left goes by its place where type and rank allow that.
    let places = InputPairs([port("l"), port("r", .int64)], [port("x"), port("y", .int32)])
    #expect(places.names == ["x": "l", "y": "r"])
    #expect(places.guesses.count == 2)
    #expect(InputPairs([port("l")], [port("x", .int64)]).names == [:])
  }

  @Test(arguments: [
    (#"{"x": [[1, 2.5], [3, 4]]}"#, GraphType.float64, [2, 2]), (#"{"x": 3}"#, .int64, []),
    (#"{"x": [true, false]}"#, .bool, [2]), ("[[1], [2]]", .int64, [2, 1]),
  ])
  func arraysOfADocument(text: String, type: GraphType, extents: [Int]) throws {
    let scratch = try Scratch()
    try scratch.write("x.json", Array(text.utf8))
    let values = try InputsFile(scratch.path("x.json")).values(of: model([port("x")]))
    #expect(values["x"]?.type == type)
    #expect(values["x"]?.dimensions == extents)
  }

  @Test(arguments: [
    #"{"x": [[1], [2, 3]]}"#, #"{"x": ["a"]}"#, #"{"x": {}}"#, #"{"x": [1, true]}"#,
  ])
  func whatIsNoArrayIsRefused(text: String) throws {
    let scratch = try Scratch()
    try scratch.write("x.json", Array(text.utf8))
    let file = try InputsFile(scratch.path("x.json"))
    #expect(throws: FileError.self) { try file.values(of: model([port("x")])) }
  }
}
