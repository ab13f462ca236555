import AlbertArchitecture
import AlbertConversion
import AlbertReading
import AlbertTensors
import AlbertTestSupport
import AlbertUpstreams
import Testing

/// What is not an ALBERT, or not a whole one, is refused with what was expected and found.
@Suite struct RefusalTests {
  @Test(arguments: [
    (
      [
        "bert.embeddings.word_embeddings.weight",
        "bert.encoder.layer.0.attention.self.query.weight",
      ],
      "'bert.encoder.layer.0.attention.self.query.weight' [2]: this is a BERT or of its kin, whose "
        + "layers have weights of their own"
    ),
    (
      ["distilbert.transformer.layer.0.attention.q_lin.weight"],
      "'distilbert.transformer.layer.0.attention.q_lin.weight' [2]: this is a DistilBERT, whose "
        + "layers have weights of their own"
    ),
    (
      ["roberta.encoder.layer.0.attention.self.query.weight"],
      "this is a RoBERTa, whose layers have weights of their own"
    ),
    (
      ["electra.encoder.layer.0.attention.self.query.weight"],
      "this is an ELECTRA, whose layers have weights of their own"
    ),
    (
      ["bert/embeddings/word_embeddings", "bert/embeddings/word_embeddings_2"],
      "'bert/embeddings/word_embeddings_2' [2]: this is brightmart's original albert_zh, another "
        + "architecture: its projection comes before the position and segment embeddings, which are "
        + "as wide as the layers"
    ),
  ]) func namesOtherArchitectures(_ names: [String], _ reason: String) throws {
    let message = failure {
      try Synthetic.inspect(names.map { Synthetic.float($0, [2]) }, config: nil)
    }
    #expect(message.contains(": expected an ALBERT, found '"))
    #expect(message.contains(reason), "\(message)")
  }

  @Test func saysWhatTheConfigCallsTheModel() throws {
    let message = failure {
      try Synthetic.inspect(
        [Synthetic.float("encoder.layer.0.attention.self.query.weight", [2, 2])],
        config: #"{"model_type": "electra"}"#)
    }
    #expect(message.contains("(its config says 'electra'); use a tool for that kind of model"))
  }

  @Test func refusesUnsharedLayerNorms() throws {
    let block = "bert/encoder/transformer/group_0/inner_group_0/"
    let message = failure {
      try Synthetic.inspect(
        [
          Synthetic.float("bert/embeddings/word_embeddings", [20, 4]),
          Synthetic.float(block + "attention_1/self/query/kernel", [8, 8]),
          Synthetic.float(
            "bert/encoder/transformer/group_0_9/layer_9/inner_group_0/layer_normalization_19/gamma",
            [8]),
        ]
      ).refusal.map { throw $0 }
    }
    #expect(
      message.contains(
        "found an unexpected tensor 'bert/encoder/transformer/group_0_9/layer_9/inner_group_0/"
          + "layer_normalization_19/gamma' [8]: each layer has a LayerNorm of its own, which no "
          + "published ALBERT code can load"), "\(message)")
  }

  @Test func refusesAnUnknownWeight() throws {
    let inspection = try Synthetic.inspect(
      Synthetic.tensors() + [Synthetic.float("extra.weight", [3, 5])])
    let finding = try #require(inspection.findings.first)
    #expect(finding.code == "unexpected-tensor")
    #expect(
      finding.sentence
        == "found an unexpected tensor 'extra.weight' [3, 5]: no ALBERT has a tensor of this name; "
        + "check that this is an ALBERT checkpoint and the config belongs to it; "
        + "InspectionOptions.prefix albert takes what is an ALBERT's there and leaves the rest")
    #expect(inspection.refusal != nil)
  }

  @Test func leavesOutWhatIsNoWeight() throws {
    let extras = [
      TensorDescription(name: "step", type: .int64, shape: Shape([])),
      TensorDescription(name: "flags", type: .uint8, shape: Shape([3])),
      TensorDescription(name: "rate", type: .float32, shape: Shape([])),
    ]
    let inspection = try Synthetic.inspect(Synthetic.tensors() + extras)
    #expect(inspection.isUsable)
    #expect(inspection.findings.map(\.code) == Array(repeating: "unknown-buffer", count: 3))
    #expect(
      inspection.findings[1].message
        == "'flags', uint8 [3], is unknown; it is no weight, so it is left out")
  }

  @Test func namesWhatIsMissing() throws {
    let gone = "albert.encoder.albert_layer_groups.0.albert_layers.0.ffn_output.weight"
    let inspection = try Synthetic.inspect(Synthetic.tensors().filter { $0.name != gone })
    #expect(
      inspection.findings.map(\.sentence) == [
        "expected a tensor for \(gone) [8, 12], found none; check that the file is complete and the "
          + "config belongs to it"
      ])
  }

  @Test func namesWrongShapesAndTypes() throws {
    var tensors = Synthetic.tensors(.backbone)
    for (index, tensor) in tensors.enumerated() {
      if tensor.name == "albert.pooler.weight" {
        tensors[index] = Synthetic.float(tensor.name, [8, 9])
      } else if tensor.name == "albert.pooler.bias" {
        tensors[index] = TensorDescription(name: tensor.name, type: .int8, shape: tensor.shape)
      }
    }
    let inspection = try Synthetic.inspect(tensors)
    #expect(
      inspection.findings.filter { $0.severity == .error }.map(\.message) == [
        "'albert.pooler.weight': expected [8, 8], found [8, 9]",
        "'albert.pooler.bias': expected floating-point numbers, found int8",
      ])
  }

  @Test func saysWhereNothingIsFound() throws {
    let message = failure {
      try Synthetic.inspect([Synthetic.float("a", [1]), Synthetic.float("b", [1])], config: nil)
    }
    #expect(
      message.hasSuffix(
        "expected an ALBERT's word embeddings and layers, found none among 2 tensors (a, b, …); "
          + "check that this is the file you meant"))
  }

  /// Very many names, and very many places where a model might be, take time in proportion; and
  /// findings stay readable.
  @Test(.timeLimit(.minutes(1))) func standsVeryManyNames() throws {
    var tensors = Synthetic.tensors()
    for index in 0..<15_000 {
      tensors.append(Synthetic.float("albert.encoder.extra.\(index).weight", [1]))
      tensors.append(Synthetic.float("x\(index).albert.embeddings.word_embeddings.weight", [1]))
    }
    let inspection = try Synthetic.inspect(tensors)
    #expect(inspection.assignments.count { $0.purpose == .unexpected } == 30_000)
    #expect(inspection.findings.count == 41)
    #expect(
      inspection.findings.last?.message == "29960 more findings of this kind")
  }
}
