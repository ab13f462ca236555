import Testing

/// Functions of a few bytes that would fill memory, were they expanded without bound.
extension ONNXHostileTests {
  private func call(
    _ function: String, name: String = "", inputs: [String] = [], outputs: [String] = []
  ) -> [UInt8] {
    inputs.flatMap { field(1, $0) } + outputs.flatMap { field(2, $0) } + field(3, name)
      + field(4, function) + field(7, "local")
  }

  private func function(
    _ name: String, inputs: [String] = [], outputs: [String] = [], _ nodes: [[UInt8]]
  ) -> [UInt8] {
    field(
      25,
      field(1, name) + inputs.flatMap { field(4, $0) } + outputs.flatMap { field(5, $0) }
        + nodes.flatMap { field(7, $0) } + field(10, "local"))
  }

  private static let expanded = "the number of bytes in the graph with functions expanded is"

  @Test func functionsThatCallThemselvesEnd() throws {
    #expect(
      try outcome(nodes: [call("F")], model: function("F", [call("F")])).contains(
        "the nesting of functions is 65, more than the 64 accepted"))
  }

  @Test func functionsThatCallTwoOthersEach() throws {
    // 2^40 nodes, were they expanded.
    let doubling = (0..<40).flatMap {
      function("F\($0)", [call("F\($0 + 1)"), call("F\($0 + 1)")])
    }
    #expect(try outcome(nodes: [call("F0")], model: doubling).contains(Self.expanded))
  }

  @Test func longNamesOfInlinedValues() throws {
    let names = (0..<40).map { "\($0)" + String(repeating: "n", count: 1000) }
    let body = zip(names, names.dropFirst()).map { call("Relu", inputs: [$0], outputs: [$1]) }
    let calls = [[UInt8]](repeating: call("F"), count: 2000)
    #expect(try outcome(nodes: calls, model: function("F", body)).contains(Self.expanded))
  }

  @Test func longNamesOfCallsWithinCalls() throws {
    let name = String(repeating: "n", count: 60_000)
    let chain = (0..<60).flatMap { function("F\($0)", [call("F\($0 + 1)", name: name)]) }
    let calls = [[UInt8]](repeating: call("F0", name: name), count: 100)
    #expect(try outcome(nodes: calls, model: chain).contains(Self.expanded))
  }

  @Test func manyInputsThatNoCallGives() throws {
    let inputs = (0..<3000).map { "i\($0)" }
    let calls = [[UInt8]](repeating: call("F"), count: 3000)
    #expect(
      try outcome(nodes: calls, model: function("F", inputs: inputs, [])).contains(Self.expanded))
  }

  @Test func manyOutputsThatAreInputs() throws {
    let values = (0..<2000).map { "v\($0)" }
    let body = function("F", inputs: values, outputs: values, [])
    let calls = [[UInt8]](repeating: call("F", inputs: values, outputs: values), count: 5)
    let few = try outcome(nodes: calls, model: body)
    #expect(!few.contains(Self.expanded), "\(few)")
    // The names of the values alone would take a hundred times the file.
    let inner = [[UInt8]](repeating: call("F", inputs: values, outputs: values), count: 20)
    let outer = [[UInt8]](repeating: call("G"), count: 500)
    #expect(
      try outcome(nodes: outer, model: body + function("G", inner)).contains(Self.expanded))
  }
}
