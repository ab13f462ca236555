import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// Models of operators, from the file to parameters that a forward pass can use.
@Suite struct ONNXConversionTests {
  private func path(_ name: String) -> FilePath {
    PackageFiles.fixtures.appending("graphs/\(name).onnx")
  }

  private func open(
    _ name: String, prefix: String? = nil, config: FilePath? = nil
  ) throws -> Inspection {
    var options = InspectionOptions()
    options.prefix = prefix
    options.config = config
    return try Inspection.open(path(name), options)
  }

  /// Writes a config of the small models, with some keys changed.
  private func config(_ changes: [String: String], _ body: (FilePath) throws -> Void) throws {
    var keys = [
      "model_type": "\"albert\"", "vocab_size": "61", "embedding_size": "8", "hidden_size": "16",
      "num_attention_heads": "2", "intermediate_size": "24", "max_position_embeddings": "20",
      "type_vocab_size": "2", "num_hidden_layers": "1", "num_hidden_groups": "1",
      "inner_group_num": "1", "hidden_act": "\"gelu_new\"", "layer_norm_eps": "1e-12",
    ]
    for (key, value) in changes { keys[key] = value }
    let text = "{" + keys.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}"
    let scratch = try Scratch()
    let path = try scratch.write("config.json", text: text)
    try withExtendedLifetime(scratch) { try body(path) }
  }

  private func errors(_ inspection: Inspection) -> [String] {
    inspection.findings.filter { $0.severity == .error }.map(\.message)
  }

  private func bytes(_ parameter: Parameter, of model: LoadedModel) -> [UInt8] {
    model.model.withBytes(of: parameter) { span in
      unsafe span.withUnsafeBytes { unsafe Array($0) }
    }
  }

  @Test func theGraphIsTheConfig() throws {
    let inspection = try open("opset11")
    #expect(inspection.isUsable)
    #expect(inspection.configSource == .graph)
    #expect(inspection.format == "onnx")
    #expect(inspection.upstream == "onnx-graph")
    #expect(inspection.prefix == "m.")
    #expect(inspection.config?.numAttentionHeads == 2)
    #expect(inspection.contents == .preTraining)
    #expect(inspection.findings.isEmpty)
    // Shared layers' copies, constants of the graph and everything else is accounted for.
    #expect(!inspection.assignments.contains { $0.purpose == .unexpected })
  }

  /// One exporter merges equal tensors and leaves zero biases out, the other neither.
  @Test func mergedAndOmittedTensorsComeBack() throws {
    let merged = try LoadedModel(path("dynamo-fresh"))
    let count = merged.inspection.assignments.count { $0.parameter != nil }
    let tensors = Set(
      merged.inspection.assignments.filter { $0.parameter != nil }.map(\.tensor.name))
    #expect(count > tensors.count)
    #expect(merged.findings.contains { $0.code == "zero-biases" })
    let zeros = [UInt8](repeating: 0, count: 64)
    #expect(bytes(Parameter(.poolerBias), of: merged) == zeros)
    #expect(bytes(Parameter(.queryBias), of: merged) == zeros)
    let ones = (0..<16).flatMap { _ in [0, 0, 0x80, 0x3F] as [UInt8] }
    #expect(bytes(Parameter(.fullLayerNormWeight), of: merged) == ones)
    #expect(
      bytes(Parameter(.poolerWeight), of: merged) != bytes(Parameter(.queryWeight), of: merged))
  }

  @Test func aTensorThatIsSeveralParametersIsStoredOnce() throws {
    let inspection = try open("dynamo-fresh")
    let stored = StoredCount(inspection)
    let graphTensors = Dictionary(
      inspection.assignments.filter {
        if case .parameter = $0.purpose {
          true
        } else if case .copy = $0.purpose {
          true
        } else {
          false
        }
      }.map { ($0.tensor.name, $0.tensor.shape.count) }, uniquingKeysWith: { first, _ in first })
    #expect(stored.stored == graphTensors.values.reduce(0, +))
    #expect(stored.unique > 3000)
  }

  @Test func oneOfTwoModelsIsTakenByItsPrefix() throws {
    #expect(
      throws: FileError.self, "one of two must be named"
    ) { try open("two-models") }
    do {
      _ = try open("two-models")
    } catch let error as FileError {
      #expect(
        error.description.hasSuffix(
          """
          two-models.onnx: more than one ALBERT in this file fits: 'teacher.', 'student.'; \
          say which one with InspectionOptions.prefix
          """))
    }
    let teacher = try open("two-models", prefix: "teacher")
    let student = try open("two-models", prefix: "student.")
    #expect(teacher.isUsable && student.isUsable)
    #expect(teacher.prefix == "teacher.")
    let other = try LoadedModel(student)
    let words = Parameter(.wordEmbeddings)
    #expect(bytes(words, of: try LoadedModel(teacher)) != bytes(words, of: other))
  }

  @Test func aLargerModelIsCountedAndLeftOut() throws {
    let inspection = try open("larger-model")
    #expect(inspection.isUsable)
    #expect(inspection.prefix == "encoder.bert.")
    let note = try #require(inspection.findings.first { $0.code == "surrounding" })
    #expect(note.message.hasPrefix("ALBERT is the part under 'encoder.bert.';"))
    #expect(inspection.assignments.contains { $0.purpose == .surrounding })
  }

  @Test func aConfigOfAnotherModelIsRefused() throws {
    try config(["num_attention_heads": "4", "num_hidden_layers": "3"]) { path in
      let found = errors(try open("epsilon", config: path))
      #expect(
        found.contains(
          "num_hidden_layers: expected 3 by the config, found that the graph computes with 1"))
      #expect(
        found.contains(
          "num_attention_heads: expected 4 by the config, found that the graph computes with 2"))
    }
    try config(["hidden_size": "32"]) { path in
      let found = errors(try open("epsilon", config: path))
      #expect(found.contains { $0.hasPrefix("hidden_size: expected 32") })
    }
  }

  @Test func whatTheGraphComputesCounts() throws {
    try config(["hidden_act": "\"gelu\"", "layer_norm_eps": "1e-12"]) { path in
      let inspection = try open("epsilon", config: path)
      #expect(inspection.isUsable)
      // The graph computes the tanh form; of the epsilons the config's counts.
      #expect(inspection.config?.hiddenAct == .geluTanh)
      #expect(inspection.config?.layerNormEps == 1e-12)
      #expect(inspection.config?.mlmLayerNormEps == 1e-12)
      #expect(
        inspection.findings.map(\.code).filter { $0.hasSuffix("mismatch") }
          == ["activation-mismatch", "epsilon-mismatch"])
    }
  }

  @Test func aConfigNumbersBlocksThatTheGraphLeavesOpen() throws {
    let plain = try open("unlabelled-groups")
    #expect(plain.config?.numHiddenGroups == 2)
    let changes = ["num_hidden_layers": "1", "num_hidden_groups": "1", "inner_group_num": "2"]
    try config(changes) { path in
      let inspection = try open("unlabelled-groups", config: path)
      #expect(inspection.isUsable)
      #expect(inspection.config?.innerGroupNum == 2)
      let second = try LoadedModel(inspection)
      let weight = Parameter(.ffnWeight, group: 0, inner: 1)
      #expect(
        bytes(weight, of: second)
          == bytes(Parameter(.ffnWeight, group: 1, inner: 0), of: try LoadedModel(plain)))
    }
  }

  /// An export of fixed shapes, whose exporter looked its positions up itself.
  @Test func whatWasCutOffIsConvertedWithConsentAlone() throws {
    let inspection = try open("dynamo-static")
    #expect(inspection.isUsable)
    #expect(try ConversionPlan(inspection).model.changes.map(\.code) == ["folded-embeddings"])
    let positions = Parameter(.positionEmbeddings)
    let whole = bytes(positions, of: try LoadedModel(try open("dynamo")))
    #expect(bytes(positions, of: try LoadedModel(inspection)) == Array(whole.prefix(7 * 8 * 4)))
  }

  @Test(arguments: [("bert", "not-albert-bert"), ("quick-gelu", "unknown-activation")])
  func whatCannotBeConvertedIsRefused(_ name: String, _ code: String) throws {
    let inspection = try open(name)
    #expect(!inspection.isUsable)
    #expect(inspection.findings.first?.code == code)
    #expect(throws: FileError.self) { try LoadedModel(inspection) }
  }
}
