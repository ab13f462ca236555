import AlbertBytes
import AlbertJSON
import AlbertTestSupport
import SystemPackage
import Testing

/// Graphs as users run and verify them.
@Suite struct GraphCommandTests {
  private static let sample = PackageFiles.root.appending("samples/tiny-tf1").string
  private static let golden = PackageFiles.root.appending("samples/tiny-tf1-golden.npz").string
  private static let right = PackageFiles.fixtures.appending("graphs/dynamo.onnx").string
  private static let noMask =
    PackageFiles.fixtures.appending("graph-defects/mask-not-added.onnx").string

  @Test(arguments: ["f32", "f16", "bf16", "i8"])
  func anExportIsProvedByRunningWhatWasWritten(type: String) throws {
    let scratch = try Scratch()
    let output = scratch.path("model.onnx").string
    let run = try Tool.run(
      "convert", Self.sample, output, "--dtype", type, "--max-error", "10", "--json", in: scratch)
    #expect(run.status == 0, "\(run.errors)")
    let checks = try run.json["verification"]?["checks"]?.elements ?? []
    let graph = checks.first { $0["name"]?.string == "graph" }
    #expect(graph?["result"]?.string == "pass", "\(run.output)")
  }

  @Test func aGraphRunsOnGivenInputsAndIsAGoldenFileOfItsOwn() throws {
    let scratch = try Scratch()
    let (model, outputs) = (scratch.path("model.onnx").string, scratch.path("out.npz").string)
    #expect(try Tool.run("convert", Self.sample, model, in: scratch).status == 0)
    let run = try Tool.run(
      "run", model, "--engine", "graph", "--inputs", Self.golden, "--output", outputs, "--exact",
      "--json", in: scratch)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try SchemaValidator("run").violations(run.json) == [])
    #expect(try run.json["engine"]?.string == "graph")
    let again = try Tool.run(
      "verify", model, "--golden", outputs, "--tolerance", "1e-12", "--engine", "graph", "--json",
      in: scratch)
    #expect(again.status == 0, "\(again.output)")
    let document = try again.json
    #expect(try SchemaValidator("verify").violations(document) == [])
    #expect(document["graph"]?["nodes"]?.integer ?? 0 > 50)
  }

  /// Of two graphs of another architecture the outputs are compared, on ids from all over the vocabulary.
  @Test func twoGraphsThatAreNoALBERTAreHeldAgainstEachOther() throws {
    let scratch = try Scratch()
    let bert = PackageFiles.fixtures.appending("graphs/bert.onnx")
    let same = try Tool.run("verify", bert.string, "--against", bert.string, "--json", in: scratch)
    #expect(same.status == 0, "\(same.errors)")
    let document = try same.json
    #expect(try SchemaValidator("verify").violations(document) == [])
    #expect(document["graph"]?["outputs"]?.elements?.first?["result"]?.string == "pass")
    // Other numbers in the first word's row.
    let file = try SourceFile(bert)
    var bytes = try file.bytes(at: 0, count: file.size)
    let name = Array("bert.embeddings.word_embeddings.weight".utf8) + [0x4A]
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
    for index in place + name.count + 4..<place + name.count + 60 { bytes[index] ^= 0x08 }
    try scratch.write("off.onnx", bytes)
    let off = scratch.path("off.onnx").string
    let other = try Tool.run("verify", off, "--against", bert.string, in: scratch)
    #expect(other.status == 1, "\(other.output)")
    #expect(other.errors.contains("only the two graphs' outputs were compared"))
    #expect(!other.output.contains("stages found"))
    // What is no graph cannot be held against one that is no model.
    let folder = try Tool.run("verify", Self.sample, "--against", bert.string, in: scratch)
    #expect(folder.status == 2)
    #expect(folder.errors.contains("this is BERT's architecture"))
  }

  @Test func aDefectOfAGraphIsSaidWithItsNode() throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      "verify", Self.noMask, "--against", Self.right, "--json", in: scratch)
    #expect(run.status == 1)
    let document = try run.json
    #expect(try SchemaValidator("verify").violations(document) == [])
    let divergence = document["graph"]?["first_divergence"]
    #expect(divergence?["node"]?.string == "node_softmax")
    #expect(divergence?["operator"]?.string == "Softmax")
    #expect(divergence?["stage_before"]?.string == "hidden_states.0")
    #expect(document["diagnosis"]?.elements?.first?["code"]?.string == "mask-ignored")
    let text = try Tool.run("verify", Self.noMask, "--against", Self.right, in: scratch)
    #expect(text.output.contains("the graph leaves at the node 'node_softmax' (Softmax of"))
  }

  @Test func anOutputThatIsMappedIsThere() throws {
    let scratch = try Scratch()
    let unknown = try Tool.run(
      "verify", Self.right, "--against", Self.right, "--map", "nothing=pooler_output", in: scratch)
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("the graph has no output 'nothing'; it gives '"))
    let name = try #require(unknown.errors.split(separator: "'").dropFirst(3).first)
    #expect(!name.isEmpty)
  }

  /// A graph that is no transformer runs on its own inputs, on made-up ones, and beside what was recorded.
  @Test func anyGraphIsRunAndVerified() throws {
    let scratch = try Scratch()
    let folder = PackageFiles.fixtures.appending("other-graphs")
    let graph = folder.appending("perceptron.onnx").string
    let inputs = folder.appending("perceptron-dynamo.npz").string
    let probe = try Tool.run("run", graph, "--engine", "graph", in: scratch)
    #expect(probe.status == 0)
    #expect(
      probe.errors.contains("made-up inputs: 'features' float32 [2, 16]; name a file of others"))
    let golden = scratch.path("golden.npz").string
    let run = try Tool.run(
      "run", graph, "--engine", "graph", "--inputs", inputs, "--output", golden, in: scratch)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let other = folder.appending("perceptron-dynamo.onnx").string
    let recorded = try Tool.run("verify", graph, "--golden", golden, "--json", in: scratch)
    #expect(recorded.status == 0)
    #expect(try SchemaValidator("verify").violations(try recorded.json) == [])
    // The other one says what its output is called, and the remedy works.
    let unmapped = try Tool.run("verify", other, "--golden", golden, in: scratch)
    #expect(unmapped.status == 2)
    let mapping = try #require(
      unmapped.errors.split(separator: "--map ").last?.split(whereSeparator: \.isWhitespace).first)
    let mapped = try Tool.run(
      "verify", other, "--golden", golden, "--map", String(mapping), in: scratch)
    #expect(mapped.status == 0, "\(mapped.errors)")
    let both = try Tool.run(
      "verify", graph, "--against", other, "--inputs", inputs, "--map", "probabilities=answer",
      in: scratch)
    #expect(both.status == 0, "\(both.errors)")
    // Inputs that it does not take are said to be missing by its own names.
    let wrong = try Tool.run(
      "verify", graph, "--against", other, "--inputs", folder.appending("many.npz").string,
      in: scratch)
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("the input 'features' of the graph is missing"))
    let stage = try Tool.run(
      "verify", Self.right, "--against", Self.right, "--map", "prediction_logits=answer",
      in: scratch)
    #expect(stage.status == 2)
    #expect(stage.errors.contains("'answer', which is no stage of a model"))
  }

  @Test func valuesAreNamed() throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      "run", Self.right, "--engine", "graph-f32", "--value", "layer_norm", "--json", in: scratch)
    #expect(run.status == 0, "\(run.errors)")
    let names = try run.json["outputs"]?.elements?.compactMap { $0["name"]?.string }
    #expect(names == ["layer_norm", "prediction_logits", "sop_logits"])
    for (name, reason) in [
      ("nothing", "a value named 'nothing' in the graph is missing"),
      ("input_ids", "an input of the graph, as a value that it makes is not supported"),
    ] {
      let none = try Tool.run(
        "run", Self.right, "--engine", "graph", "--value", name, in: scratch)
      #expect(none.status == 2)
      #expect(none.errors.contains(reason), "\(none.errors)")
    }
  }

  @Test func whatABoundaryMovesIsSaid() throws {
    let scratch = try Scratch()
    let quantized = PackageFiles.fixtures.appending("graphs/int8-qdq.onnx").string
    let run = try Tool.run("run", quantized, "--engine", "graph", "--json", in: scratch)
    #expect(run.status == 0, "\(run.errors)")
    let document = try run.json
    #expect(try SchemaValidator("run").violations(document) == [])
    let compared = try #require(document["roundings"]?["compared"]?.integer)
    #expect(compared > 1000)
    let text = try Tool.run("run", quantized, "--engine", "graph", in: scratch)
    #expect(text.output.contains(" numbers that it rounds to integers "))
    let verified = try Tool.run("verify", quantized, "--against", Self.right, "--json", in: scratch)
    let roundings = try verified.json["graph"]?["roundings"]
    #expect(try SchemaValidator("verify").violations(verified.json) == [])
    #expect(roundings?["compared"]?.integer ?? 0 > 1000)
    // A graph of plain numbers has none, and a run that rounds as a runtime does is not held to another.
    let plain = try Tool.run("run", Self.right, "--engine", "graph", "--json", in: scratch)
    #expect(try plain.json["roundings"] == nil)
    let rounded = try Tool.run("run", quantized, "--engine", "graph-f32", "--json", in: scratch)
    #expect(try rounded.json["roundings"] == nil)
  }

  @Test(arguments: ["static", "float16", "dynamic-range", "ids-only"])
  func aLiteModelIsCalledOne(name: String) throws {
    let scratch = try Scratch()
    let path = PackageFiles.fixtures.appending("tflite/\(name)/model.tflite").string
    let document = try Tool.run("inspect", path, "--json", in: scratch).json
    #expect(document["format"]?.string == "tflite")
    #expect(document["upstream"]?.string == "tflite-graph")
    let onnx = try Tool.run("inspect", Self.right, "--json", in: scratch).json
    #expect(onnx["upstream"]?.string == "onnx-graph")
  }

  @Test func optionsOfGraphsAreForGraphs() throws {
    let scratch = try Scratch()
    #expect(try Tool.run("run", Self.sample, "--value", "x", in: scratch).status == 64)
    let run = try Tool.run("run", Self.sample, "--engine", "graph", in: scratch)
    #expect(run.status == 2)
    #expect(run.errors.contains("expected a graph of operators, found a file that states none"))
  }
}
