import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertDiagnosis
import AlbertReading
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertVerification

/// The subject's own graph beside a reference, right and with one thing wrong.
@Suite struct GraphCheckTests {
  private static let right = PackageFiles.fixtures.appending("graphs/dynamo.onnx")

  private static func path(_ name: String) -> FilePath {
    PackageFiles.fixtures.appending("graph-defects/\(name).onnx")
  }

  private func verify(_ name: String) throws -> VerificationResult {
    try verify(Self.path(name))
  }

  private func verify(_ path: FilePath) throws -> VerificationResult {
    let reference = try LoadedModel(Self.right)
    let subject: LoadedModel
    do throws(FileError) {
      subject = try LoadedModel(path)
    } catch {
      return try Verification.verify(
        OtherGraph(path, refused: error), against: reference, golden: nil)
    }
    return try Verification.verify(subject, against: reference)
  }

  @Test func aRightGraphGoesTheWayOfItsWeights() throws {
    let result = try verify(Self.right)
    #expect(result.passes)
    let graph = try #require(result.graph)
    #expect(graph.nodes == 163)
    #expect(graph.divergence == nil)
    #expect(graph.found.count == graph.sought)
    #expect(graph.outputs.map(\.stage) == [.predictionLogits, .sopLogits])
    for output in graph.outputs {
      #expect(output.outcome == .pass)
      #expect((output.error?.real.maxAbs ?? 1) < 1e-12)
    }
  }

  @Test func aGraphOfFixedShapesIsHeldAgainstTheModelAsFarAsItGoes() throws {
    let result = try verify(PackageFiles.fixtures.appending("graphs/dynamo-static.onnx"))
    #expect(result.passes, "\(result.diagnosis)")
    #expect(result.graph?.outputs.allSatisfy { $0.outcome == .pass } == true)
  }

  /// Each defect: the operator of the node at which it shows, what should have come, the last stage
  /// before it, and the code of the catalogue where there is one.
  private static let defects: [(file: String, operation: String, before: Stage?, code: String?)] = [
    ("mask-not-added", "Softmax", .hiddenStates(0), "mask-ignored"),
    ("softmax-over-queries", "Softmax", .hiddenStates(1), "softmax-axis"),
    ("softmax-steps-over-queries", "ReduceMax", .hiddenStates(1), "softmax-axis"),
    ("large-epsilon", "LayerNormalization", nil, "layer-norm-epsilon"),
    ("key-transposed", "MatMul", .hiddenStates(0), "transposed"),
    ("heads-permuted", "MatMul", .hiddenStates(0), "permuted-heads"),
    ("positions-from-2", "Gather", nil, "position-offset"),
    ("exact-gelu", "Gelu", .attentions(0), "activation"),
    ("residual-dropped", "LayerNormalization", .attentions(1), nil),
    ("scale-missing", "Add", .hiddenStates(0), "scaled"),
    ("stale-copy", "MatMul", .hiddenStates(2), nil),
  ]

  @Test(arguments: defects.indices)
  func aDefectIsFoundAtItsNode(index: Int) throws {
    let defect = Self.defects[index]
    let result = try verify(defect.file)
    #expect(!result.passes)
    #expect(result.checks.last == Check(.graph, .fail))
    let divergence = try #require(result.graph?.divergence)
    #expect(divergence.operation == defect.operation, "\(divergence)")
    #expect(divergence.stageBefore == defect.before, "\(divergence)")
    #expect(result.diagnosis.first?.code.rawValue == defect.code, "\(result.diagnosis)")
  }

  /// The weights of a wrong export are right, and make it pass as the reference.
  @Test func aReferencesOwnGraphIsNotRun() throws {
    let wrong = Self.path("mask-not-added")
    let result = try Verification.verify(
      try LoadedModel(Self.right), against: try LoadedModel(wrong))
    #expect(result.passes)
    let finding = try #require(result.findings.first { $0.code == "reference-graph-not-run" })
    #expect(finding.severity == .note)
    #expect(finding.remedy.contains("verify it as the subject"))
    let itself = try verify(Self.right)
    #expect(!itself.findings.contains { $0.code == "reference-graph-not-run" })
  }

  /// No two runs of a graph that drops elements at random are alike, whatever its weights are.
  @Test func aGraphThatTrainsFails() throws {
    let result = try verify("dropout-left-on")
    #expect(result.checks.filter { $0.outcome != .pass } == [Check(.graph, .fail)])
    #expect(
      result.graph?.problem
        == "node 'dropout' (Dropout): it drops elements at random, as in training alone: "
        + "the model was not set to inference before it was exported")
    #expect(result.problemOfGraphAlone == result.graph?.problem)
  }

  /// What is recognised up to a fault is read so far, with what is missing.
  @Test func layersBehindAFaultAreSaidToBeMissing() throws {
    let inspection = try Inspection.open(Self.path("norm-left-out"))
    #expect(inspection.config?.numHiddenLayers == 1)
    let finding = try #require(
      inspection.findings.first { $0.code == "layers-not-recognised" })
    #expect(finding.message.hasPrefix("1 layer was recognised, and the graph goes on"))
    #expect(
      try ConversionPlan(inspection).model.changes.map(\.code) == ["layers-not-recognised"])
    let right = try Inspection.open(Self.right)
    #expect(!right.findings.contains { $0.code == "layers-not-recognised" })
  }

  /// Defects in layer 1 of three: what should have come first, the code of the catalogue where there is one, and
  /// what is said of the layer where its structure alone shows that it is another one.
  private static let single: [(file: String, expected: String, code: String?, finding: String?)] = [
    ("layer-mask-not-added", "the attention probabilities of layer 1", "mask-ignored", nil),
    ("layer-mask-too-weak", "the attention probabilities of layer 1", "mask-misapplied", nil),
    (
      "layer-large-epsilon", "the attention's LayerNorm of layer 1", "layer-norm-epsilon",
      "its LayerNorm epsilon is 0.001, that of the others 1e-12"
    ),
    (
      "layer-matrix-transposed", "the query of layer 1", "transposed",
      "attention.query.weight is 'own_weight', of other numbers"
    ),
    (
      "layer-residual-weakened", "the sum behind the attention of layer 1", nil,
      "it adds something else to its attention's result"
    ),
    (
      "int8-layer-large-epsilon", "the attention's LayerNorm of layer 1", "layer-norm-epsilon",
      "its LayerNorm epsilon is 0.001, that of the others 1e-12"
    ),
    (
      "int8-layer-residual-dropped", "the attention's LayerNorm of layer 1", nil,
      "it adds nothing to its attention's result"
    ),
  ]

  @Test(arguments: single.indices)
  func aDefectInOneLayerEndsThere(index: Int) throws {
    let defect = Self.single[index]
    let subject = try LoadedModel(Self.path(defect.file))
    #expect(subject.model.config.numHiddenLayers == 3)
    let isQuantized = defect.file.hasPrefix("int8")
    let result = try Verification.verify(
      subject, against: try LoadedModel(isQuantized ? Self.path("int8-layers") : Self.right))
    #expect(result.checks.filter { $0.outcome != .pass } == [Check(.graph, .fail)])
    #expect(result.graph?.divergence?.expected == defect.expected)
    #expect(result.diagnosis.first?.code.rawValue == defect.code, "\(result.diagnosis)")
    if defect.code != nil {
      #expect(result.diagnosis.first?.message.contains("in layer 1 alone") == true)
    }
    let finding = subject.inspection.findings.first { $0.code == "layers-disagree" }
    #expect((finding == nil) == (defect.finding == nil))
    if let words = defect.finding {
      #expect(finding?.message.contains("layer 1 at the node '") == true)
      #expect(finding?.message.contains(words) == true, "\(finding?.message ?? "")")
      #expect(
        try ConversionPlan(subject.inspection).model.changes.map(\.code) == ["layers-disagree"])
    }
  }

  private static let heads = [
    ("layer-heads-permuted", "the query of layer 1", "query weight", "3, 0, 1, 2"),
    ("layer-value-heads-permuted", "the value of layer 1", "value weight", "2, 0, 3, 1"),
  ]

  /// Of more heads than two there are too many orders to try: the layer's own matrix shows its own.
  @Test(arguments: heads)
  func theOrderOfOneLayersHeadsIsNamed(
    file: String, expected: String, weight: String, order: String
  ) throws {
    let right = try LoadedModel(Self.path("heads"))
    #expect(try Verification.verify(right, against: right).passes)
    let result = try Verification.verify(try LoadedModel(Self.path(file)), against: right)
    #expect(result.checks.filter { $0.outcome != .pass } == [Check(.graph, .fail)])
    #expect(result.graph?.divergence?.expected == expected)
    #expect(
      result.diagnosis.map(\.message) == [
        "the attention's \(weight) of the graph has its heads in the order \(order), and its bias too, "
          + "in layer 1 alone (seen at hidden_states.2)"
      ])
    #expect(result.diagnosis.map(\.code.rawValue) == ["permuted-heads"])
  }

  /// A config has one epsilon for all LayerNorms; what another one states is put into the reference.
  @Test func theEpsilonOfOneLayerNormIsNamed() throws {
    let result = try Verification.verify(
      try LoadedModel(Self.path("layer-one-epsilon")), against: try LoadedModel(Self.right))
    #expect(
      result.diagnosis.map(\.message) == [
        "the epsilon of the attention's LayerNorm of layer 1 is 1e-12, the graph's 0.001 (stated by its "
          + "operators)"
      ])
    #expect(try #require(result.diagnosis.first?.explains) > 0.999)
    #expect(result.diagnosis.map(\.code.rawValue) == ["layer-norm-epsilon"])
    #expect(result.graph?.divergence?.expected == "the attention's LayerNorm of layer 1")
  }

  private static let half = [
    (
      "half-layer-large-epsilon", "the attention's LayerNorm of layer 1", "layer-norm-epsilon",
      "the epsilon of LayerNorm is 1e-12, the graph's 0.001"
    ),
    (
      "half-layer-other-gelu", "the activation of layer 1", "activation",
      "the activation is the tanh form of GELU (gelu_tanh), the graph's the exact GELU (gelu_erf)"
    ),
  ]

  /// What the factors of half precision cost hides these from the numbers, and the operators state them.
  @Test(arguments: half)
  func whatHalfPrecisionHidesIsStatedByTheOperators(
    file: String, expected: String, code: String, words: String
  ) throws {
    let right = try LoadedModel(Self.right)
    #expect(
      try Verification.verify(try LoadedModel(Self.path("half")), against: right).passes)
    let result = try Verification.verify(try LoadedModel(Self.path(file)), against: right)
    #expect(result.checks.filter { $0.outcome != .pass } == [Check(.graph, .fail)])
    let graph = try #require(result.graph)
    #expect(graph.divergence?.expected == expected)
    #expect(graph.divergence?.stageBefore == .hiddenStates(1))
    #expect(result.diagnosis.map(\.code.rawValue) == [code])
    #expect(
      result.diagnosis.first?.message == "\(words), in layer 1 alone (stated by its operators)")
    // The numbers alone stay within what rounding explains.
    #expect(graph.unrounded?.outputs.allSatisfy { $0.outcome == .pass } == true)
  }

  /// Of what two tools of onnxruntime made, one after the other: fused operators whose biases are turned back in
  /// one layer and taken as integers in another.
  @Test func aFusedGraphWithQuantizedProductsIsRecognised() throws {
    let model = try LoadedModel(PackageFiles.fixtures.appending("graphs/int8-fused.onnx"))
    #expect(model.model.config.numHiddenLayers == 3)
    let result = try Verification.verify(model, against: model)
    #expect(result.checks.filter { $0.name != .graph }.allSatisfy { $0.outcome == .pass })
    let unrounded = try #require(result.graph?.unrounded)
    #expect(unrounded.problem == nil)
    #expect(!unrounded.fails)
  }

  /// The same graph with nothing wrong holds.
  @Test func aQuantizedGraphOfSeveralLayersHolds() throws {
    let model = try LoadedModel(Self.path("int8-layers"))
    #expect(try Verification.verify(model, against: model).passes)
    #expect(!model.inspection.findings.contains { $0.code == "layers-disagree" })
  }

  @Test func whatIsNotRecognisedIsStillValidated() throws {
    let path = Self.right
    let refusal = FileError(path.string, .missing("any ALBERT"))
    let result = try Verification.verify(
      OtherGraph(path, refused: refusal), against: try LoadedModel(Self.right), golden: nil)
    #expect(result.passes)
    #expect(result.checks.map(\.name) == [.graph])
    #expect(result.findings.first?.code == "graph-not-recognised")
  }

  @Test func whatIsNoGraphIsRefusedForItsOwnReason() throws {
    let scratch = try Scratch()
    let path = scratch.path("no.onnx")
    let refusal = FileError(path.string, .notFound)
    let error = #expect(throws: FileError.self) {
      try Verification.verify(
        OtherGraph(path, refused: refusal), against: try LoadedModel(Self.right), golden: nil)
    }
    #expect(error == refusal)
  }

  // MARK: Quantised graphs

  private static let quantized = [
    "int8-dynamic", "int8-qdq", "int8-qoperator", "int8-attention", "int8-products",
  ]

  /// Without its rounding a quantised graph is held as tightly as one of plain numbers.
  @Test(arguments: quantized)
  func aQuantizedGraphFollowsItsOwnWeights(name: String) throws {
    let model = try LoadedModel(PackageFiles.fixtures.appending("graphs/\(name).onnx"))
    let result = try Verification.verify(model, against: model)
    #expect(result.passes)
    let unrounded = try #require(result.graph?.unrounded)
    #expect(unrounded.problem == nil)
    // Two fused attentions do not show their probabilities.
    #expect(unrounded.sought - unrounded.found.count == (name == "int8-attention" ? 2 : 0))
    // What rounding to 8 bits makes of the outputs is far above what is held here.
    #expect(unrounded.cost ?? 0 > 1e-2)
    for output in unrounded.outputs {
      #expect(output.outcome == .pass)
      #expect((output.error?.real.maxAbs ?? 1) < 1e-6)
      #expect(output.tolerance < 1e-4)
    }
    #expect(!result.findings.contains { $0.code == "structure-not-proven" })
  }

  /// The range of a mask that hid nothing in the samples holds nothing but zero.
  @Test(arguments: ["dynamo-int8-qdq", "dynamo-int8-qdq-optimised"])
  func aMaskThatItsRangeCutsOffIsFound(name: String) throws {
    let model = try LoadedModel(PackageFiles.fixtures.appending("graphs/\(name).onnx"))
    let result = try Verification.verify(model, against: model)
    #expect(result.checks.filter { $0.outcome != .pass } == [Check(.graph, .fail)])
    let graph = try #require(result.graph)
    #expect(graph.divergence?.node == "node_softmax")
    #expect(graph.divergence?.stageBefore == .hiddenStates(0))
    #expect(result.diagnosis.map(\.code.rawValue) == ["mask-ignored"])
  }

  /// What takes a tenth less than the pooler's output is no head that is recognised, so that the output behind it
  /// is held to no more than what rounding may cost.
  @Test func anOutputThatIsNotSeenWithoutRoundingIsNotProven() throws {
    let right = try LoadedModel(PackageFiles.fixtures.appending("graphs/int8-dynamic.onnx"))
    let result = try Verification.verify(
      try LoadedModel(Self.path("int8-pooler-weakened")), against: right)
    let unrounded = try #require(result.graph?.unrounded)
    #expect(!unrounded.fails && !unrounded.outputs.contains { $0.outcome == .fail })
    let finding = try #require(result.findings.first { $0.code == "structure-not-proven" })
    #expect(finding.severity == .warning)
    #expect(finding.message.hasSuffix("what makes 'sop_logits' was not recognised"))
  }

  /// Defects that are smaller than what 8 bits cost.
  private static let small: [(file: String, operation: String, code: String?)] = [
    ("int8-mask-not-added", "Softmax", "mask-ignored"),
    ("int8-softmax-over-queries", "Softmax", "softmax-axis"),
    ("int8-scale-missing", "Add", "scaled"),
  ]

  @Test(arguments: small.indices)
  func aDefectSmallerThanRoundingIsFoundAtItsNode(index: Int) throws {
    let defect = Self.small[index]
    let right = try LoadedModel(PackageFiles.fixtures.appending("graphs/int8-dynamic.onnx"))
    let result = try Verification.verify(
      try LoadedModel(Self.path(defect.file)), against: right)
    let failed = result.checks.filter { $0.outcome != .pass }
    #expect(failed == [Check(.graph, .fail)])
    let graph = try #require(result.graph)
    // The graph as it is stays within what rounding explains.
    #expect(!graph.outputs.contains { $0.outcome == .fail })
    #expect(graph.unrounded?.fails == true)
    #expect(graph.divergence?.operation == defect.operation)
    #expect(graph.divergence?.stageBefore == .hiddenStates(0))
    #expect(result.diagnosis.first?.code.rawValue == defect.code)
  }

  /// Whose weights nobody knows cannot be held so tightly, which is said.
  @Test func whatRoundingHidesIsSaid() throws {
    let path = PackageFiles.fixtures.appending("graphs/int8-qdq.onnx")
    let result = try Verification.verify(
      OtherGraph(path, refused: FileError(path.string, .missing("any ALBERT"))),
      against: try LoadedModel(path), golden: nil)
    #expect(result.passes)
    let finding = try #require(result.findings.first { $0.code == "structure-not-proven" })
    #expect(finding.message.contains("its own weights were not recognised"))
  }

  /// An output that has the shape of the logits and is their softmax is no wrong logits.
  @Test func anOutputMadeOfAStageIsNotTakenForIt() throws {
    let path = PackageFiles.fixtures.appending("graphs/custom-head.onnx")
    let result = try Verification.verify(
      try LoadedModel(path), against: try LoadedModel(path))
    #expect(result.checks.last?.outcome == .pass)
  }
}
