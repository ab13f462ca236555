import AlbertArchitecture
import AlbertJSON
import Testing

@testable import AlbertUpstreams

/// What a publisher's code settles beside the names of its tensors.
@Suite struct PublisherRulesTests {
  /// Transformers' class in an H5 file's names is the head's kind, also where there is a pooler.
  @Test(arguments: [
    ("tf_albert_for_token_classification_2", TaskHead.tokenClassification),
    ("tf_albert_for_sequence_classification", .sequenceClassification), ("my_model", nil),
  ]) func namesOfH5FilesStateTheHead(_ model: String, _ head: TaskHead?) {
    #expect(HuggingFaceTF.head(statedBy: "classifier/\(model)/classifier/kernel:0") == head)
  }

  /// What UER-py's config says of another computation is refused; its classifier is one of sequences.
  @Test func otherComputationsOfUERAreRefused() throws {
    for (key, value) in [("mask", "causal"), ("feed_forward", "gated"), ("layernorm", "t5")] {
      let config = UERConfig.read(
        .object([JSONMember("heads_num", .integer(2)), JSONMember(key, .string(value))]))
      #expect(
        config.findings.contains {
          $0.severity == .error && $0.message.hasPrefix("\(key) is '\(value)', expected ")
        })
    }
    #expect(UER.classifierHead == .sequenceClassification)
    let mean = UERConfig.read(.object([JSONMember("pooling", .string("mean"))]))
    #expect(mean.findings.contains { $0.code == "config-pooling" })
  }

  /// Google's code has no key for it, trainers who took its config over have: a warning says both.
  @Test func anEpsilonInGooglesKeysCounts() {
    let members = [
      JSONMember("hidden_size", .integer(8)), JSONMember("embedding_size", .integer(4)),
    ]
    #expect(GoogleConfig.read(.object(members)).layerNormEps == 1e-12)
    let stated = members + [JSONMember("layer_norm_eps", .number(1e-5))]
    let read = GoogleConfig.read(.object(stated))
    #expect(read.layerNormEps == 1e-5)
    #expect(read.findings.contains { $0.code == "config-layer-norm-eps" })
    let same = members + [JSONMember("layer_norm_eps", .number(1e-12))]
    #expect(
      !GoogleConfig.read(.object(same)).findings.contains { $0.code == "config-layer-norm-eps" })
  }
}
