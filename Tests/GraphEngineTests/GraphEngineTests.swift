import AlbertBytes
import AlbertGraphEngine
import AlbertGraphs
import AlbertTensors
import Testing

/// What holds whatever the operators: order, limits, graphs within nodes.
@Suite struct GraphEngineTests {
  private func node(
    _ operation: String, _ inputs: [String], _ outputs: [String],
    _ attributes: [String: GraphAttribute] = [:]
  ) -> GraphNode {
    GraphNode(
      name: outputs[0], operation: operation, version: 21, inputs: inputs, outputs: outputs,
      attributes: attributes)
  }

  private func constant(_ value: Int64, _ shape: [Int] = []) -> GraphAttribute {
    .tensor(
      GraphTensor(name: "c", type: .int64, shape: Shape(shape)) { () throws(FileError) in
        (0..<8).map { UInt8(truncatingIfNeeded: value >> Int64(8 * $0)) }
      })
  }

  @Test func everythingThatIsNotThereIsListedBeforeAnythingRuns() {
    let graph = Graph(
      nodes: [
        node("Resize", ["x"], ["a"]), node("Resize", ["a"], ["b"]), node("RoiAlign", ["b"], ["c"]),
      ], inputs: [GraphPort(name: "x")], outputs: [GraphPort(name: "c")])
    let error = #expect(throws: FileError.self) { try GraphEngine(GraphRunner.model(graph)) }
    #expect(
      error?.message
        == "computing the operators Resize (version 21), 2 nodes, RoiAlign (version 21) is not supported"
    )
  }

  @Test func aRingIsNoGraph() {
    let graph = Graph(
      nodes: [node("Add", ["x", "b"], ["a"]), node("Neg", ["a"], ["b"])],
      inputs: [GraphPort(name: "x")], outputs: [GraphPort(name: "b")])
    let error = #expect(throws: FileError.self) { try graph.ordered(outer: [], path: "g") }
    #expect(error?.message == "node 'a' (Add) waits for its own result")
  }

  @Test func nodesOutOfOrderAreOrdered() throws {
    let graph = Graph(
      nodes: [node("Neg", ["a"], ["b"]), node("Abs", ["x"], ["a"])],
      inputs: [GraphPort(name: "x")], outputs: [GraphPort(name: "b")])
    #expect(try graph.ordered(outer: [], path: "g").map(\.operation) == ["Abs", "Neg"])
  }

  @Test func aValueFromNowhereIsNamed() {
    let graph = Graph(
      nodes: [node("Neg", ["y"], ["b"])], inputs: [], outputs: [GraphPort(name: "b")])
    let error = #expect(throws: FileError.self) { try graph.ordered(outer: [], path: "g") }
    #expect(error?.message == "node 'b' (Neg) takes 'y', which nothing gives")
  }

  @Test func twoInputsOfOneNameAreNoGraph() {
    let graph = Graph(
      nodes: [node("Neg", ["x"], ["y"])], inputs: [GraphPort(name: "x"), GraphPort(name: "x")],
      outputs: [GraphPort(name: "y")])
    let error = #expect(throws: FileError.self) { try graph.ordered(outer: [], path: "g") }
    #expect(error?.message == "two inputs have the name 'x'")
  }

  @Test func aLoopSumsAndStacks() throws {
    // sum += i for i in 0..<4, every sum kept.
    let body = Graph(
      nodes: [
        node("Add", ["sum", "i"], ["next"]), node("Identity", ["next"], ["row"]),
        node("Identity", ["go"], ["again"]),
      ],
      inputs: [GraphPort(name: "i"), GraphPort(name: "go"), GraphPort(name: "sum")],
      outputs: [GraphPort(name: "again"), GraphPort(name: "next"), GraphPort(name: "row")])
    let graph = Graph(
      nodes: [node("Loop", ["n", "", "zero"], ["sum_out", "rows"], ["body": .graph(body)])],
      inputs: [GraphPort(name: "n"), GraphPort(name: "zero")],
      outputs: [GraphPort(name: "sum_out"), GraphPort(name: "rows")])
    let results = try GraphEngine(GraphRunner.model(graph)).run([
      "n": .scalar(Int64(4)), "zero": .scalar(Int64(0)),
    ])
    #expect(results[0].integers == [6])
    #expect(results[1].integers == [0, 1, 3, 6])
    #expect(results[1].dimensions == [4])
  }

  @Test func aConditionSeesTheValuesAroundIt() throws {
    func branch(_ operation: String, _ name: String) -> GraphAttribute {
      .graph(
        Graph(
          nodes: [node(operation, ["x"], [name])], inputs: [], outputs: [GraphPort(name: name)]))
    }
    let graph = Graph(
      nodes: [
        node(
          "If", ["flag"], ["y"],
          ["then_branch": branch("Neg", "t"), "else_branch": branch("Identity", "e")])
      ], inputs: [GraphPort(name: "flag"), GraphPort(name: "x")],
      outputs: [GraphPort(name: "y")])
    let engine = try GraphEngine(GraphRunner.model(graph))
    let x = GraphRunner.floats([3], [1])
    #expect(try engine.run(["flag": GraphValue([true], Shape([])), "x": x])[0].doubles == [-3])
    #expect(try engine.run(["flag": GraphValue([false], Shape([])), "x": x])[0].doubles == [3])
  }

  /// What is said where a node gives nothing names what helps.
  @Test func whatHelpsIsSaid() {
    let dropout = Graph(
      nodes: [node("Dropout", ["x", "", "trains"], ["y"])],
      inputs: [GraphPort(name: "x"), GraphPort(name: "trains")], outputs: [GraphPort(name: "y")])
    let x = GraphRunner.floats([3, 4], [2])
    let trained = #expect(throws: FileError.self) {
      try GraphEngine(GraphRunner.model(dropout)).run([
        "x": x, "trains": GraphValue([true], Shape([])),
      ])
    }
    #expect(
      trained?.message
        == "node 'y' (Dropout): it drops elements at random, as in training alone")
    #expect(trained?.advice.text { _ in "" }.contains("eval()") == true)
    let lookup = Graph(
      nodes: [node("Gather", ["x", "i"], ["y"])],
      inputs: [GraphPort(name: "x"), GraphPort(name: "i")], outputs: [GraphPort(name: "y")])
    let beyond = #expect(throws: FileError.self) {
      try GraphEngine(GraphRunner.model(lookup)).run(["x": x, "i": .scalar(Int64(9))])
    }
    #expect(beyond?.message.contains("index 9 is out of range for an extent of 2") == true)
    #expect(beyond?.advice.text { _ in "" }.hasPrefix("check the inputs") == true)
    let large = #expect(throws: FileError.self) {
      try GraphEngine(GraphRunner.model(lookup)).run(
        ["x": x, "i": .scalar(Int64(0))], budget: 1e-9)
    }
    #expect(large?.advice.text { _ in "" }.contains("--budget") == true)
  }

  @Test func aSmallFileCannotAskForTheMachine() {
    let graph = Graph(
      nodes: [
        node("Constant", [], ["n"], ["value_ints": .integers([1 << 20, 1 << 20])]),
        node("ConstantOfShape", ["n"], ["huge"]),
      ], inputs: [], outputs: [GraphPort(name: "huge")])
    let error = #expect(throws: FileError.self) {
      try GraphEngine(GraphRunner.model(graph)).run([:])
    }
    guard case .limit(let what, let value, _) = error?.problem else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(what.hasPrefix("node 'huge' (ConstantOfShape): the number of elements"))
    #expect(value >= 1 << 40)
  }

  /// A function of each number of a large value takes as long as many products do.
  @Test func functionsOfManyNumbersMeetTheLimitOfOperations() {
    var nodes = [
      node("Constant", [], ["n"], ["value_ints": .integers([1 << 22])]),
      node("ConstantOfShape", ["n"], ["v0"]),
    ]
    for index in 0..<400 { nodes.append(node("Neg", ["v\(index)"], ["v\(index + 1)"])) }
    let graph = Graph(nodes: nodes, inputs: [], outputs: [GraphPort(name: "v400")])
    let error = #expect(throws: FileError.self) {
      try GraphEngine(GraphRunner.model(graph)).run([:])
    }
    guard case .limit(let what, _, _) = error?.problem else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(what.contains("the number of operations"))
  }

  /// What a file quotes at length is cut.
  @Test func anErrorIsAsLongAsAPersonReads() {
    let shape = node(
      "Constant", [], ["n"], ["value_ints": .integers([Int](repeating: -1, count: 40_000))])
    let graph = Graph(
      nodes: [shape, node("ConstantOfShape", ["n"], ["y"])], inputs: [],
      outputs: [GraphPort(name: "y")])
    let many = #expect(throws: FileError.self) {
      try GraphEngine(GraphRunner.model(graph)).run([:])
    }
    #expect(many?.message.contains("the result would have 40000 axes") == true)
    let x = GraphRunner.floats([1], [1])
    let equation = String(repeating: "a", count: 40_000)
    let sum = Graph(
      nodes: [
        node("Einsum", [String](repeating: "x", count: 40), ["y"], ["equation": .text(equation)])
      ],
      inputs: [GraphPort(name: "x")], outputs: [GraphPort(name: "y")])
    let long = #expect(throws: FileError.self) {
      try GraphEngine(GraphRunner.model(sum)).run(["x": x])
    }
    #expect(long?.message.contains("and 32 more") == true)
    #expect((long?.message.count ?? 0) < 2000)
  }

  @Test func stepsThatCannotBeCountedAreAnError() {
    let graph = Graph(
      nodes: [node("Range", ["a", "b", "c"], ["y"])],
      inputs: ["a", "b", "c"].map { GraphPort(name: $0) }, outputs: [GraphPort(name: "y")])
    let error = #expect(throws: FileError.self) {
      try GraphEngine(GraphRunner.model(graph)).run([
        "a": GraphRunner.floats([0], []), "b": GraphRunner.floats([.nan], []),
        "c": GraphRunner.floats([1], []),
      ])
    }
    #expect(error?.message.contains("cannot be counted") == true)
  }

  @Test func aLoopWithoutEndMeetsTheLimitOfOperations() {
    expectNoEnd(
      of: Graph(
        nodes: [node("Identity", ["go"], ["again"])],
        inputs: [GraphPort(name: "i"), GraphPort(name: "go")],
        outputs: [GraphPort(name: "again")]), budget: 0.001)
  }

  @Test func turnsOfAnEmptyBodyCountToo() {
    expectNoEnd(
      of: Graph(
        nodes: [], inputs: [GraphPort(name: "i"), GraphPort(name: "go")],
        outputs: [GraphPort(name: "go")]), budget: 0.01)
  }

  /// Expects that a loop over `body`, which never says that it is the last turn, meets the limit.
  private func expectNoEnd(of body: Graph, budget: Double) {
    let graph = Graph(
      nodes: [
        node("Constant", [], ["yes"], ["value": constant(1)]),
        node("Cast", ["yes"], ["flag"], ["to": .integer(GraphType.bool.code)]),
        node("Loop", ["", "flag"], [""], ["body": .graph(body)]),
        node("Identity", ["flag"], ["out"]),
      ], inputs: [], outputs: [GraphPort(name: "out")])
    let error = #expect(throws: FileError.self) {
      try GraphEngine(GraphRunner.model(graph)).run([:], budget: budget)
    }
    guard case .limit(let what, _, _) = error?.problem else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(what.hasSuffix("the number of operations"))
  }

  @Test func emptyAxesCostNothing() throws {
    // Rows without an element may be as many as the shape likes.
    let empty = GraphValue([Double](), .float32, Shape([1 << 40, 0]))
    #expect(throws: FileError.self) {
      try GraphRunner.run("ReduceSum", [empty, GraphRunner.integers([1])])
    }
    #expect(try GraphRunner.run("Concat", [empty, empty], ["axis": .integer(1)])[0].count == 0)
    #expect(try GraphRunner.run("CumSum", [empty, GraphRunner.integers([1], [])])[0].count == 0)
    let right = GraphValue([Double](), .float32, Shape([0, 0]))
    #expect(try GraphRunner.run("MatMul", [empty, right])[0].count == 0)
  }

  @Test func inputsMustFitWhatTheGraphDeclares() {
    let graph = Graph(
      nodes: [node("Add", ["a", "b"], ["c"])],
      inputs: [
        GraphPort(name: "a", type: .int64, extents: [.named("batch"), .fixed(2)]),
        GraphPort(name: "b", type: .int64, extents: [.named("batch"), .unknown]),
      ], outputs: [GraphPort(name: "c")])
    let a = GraphRunner.integers([1, 2], [1, 2])
    func message(_ inputs: [String: GraphValue]) -> String? {
      do throws(FileError) {
        _ = try GraphEngine(GraphRunner.model(graph)).run(inputs)
        return nil
      } catch { return error.message }
    }
    #expect(message(["a": a]) == "the input 'b' of the graph is missing")
    #expect(
      message(["a": a, "b": GraphRunner.integers([1, 2, 3, 4], [2, 2])])
        == "the shape of the input 'b': expected [batch = 1, any], found [2, 2]")
    #expect(
      message(["a": a, "b": GraphRunner.floats([1.5], [1, 1])])
        == "the type of the input 'b': expected int64, found float32")
  }
}
