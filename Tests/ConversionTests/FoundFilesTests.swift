import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertJSON
import AlbertTensors
import AlbertTestSupport
import AlbertUpstreams
import SystemPackage
import Testing

/// Files of trainers and savers beside the publishers' own, as people have them: each becomes exactly
/// the numbers that it was written from.
@Suite struct FoundFilesTests {
  /// One folder and what it must become.
  struct Found: CustomTestStringConvertible, Sendable {
    let name: String
    let upstream: String
    /// The place that has to be named, where the file holds more than an ALBERT.
    let prefix: String?
    let digests: [String: String]

    var path: String { "found/\(name)" }
    var testDescription: String { name }

    static let all: [Found] = {
      let path = Fixtures.folder.appending("found.json")
      let document = (try? JSONValue.parse(SourceFile(path))) ?? .null
      return (document.members ?? []).map { folder in
        let digests = folder.value["digests"]?.members ?? []
        return Found(
          name: folder.key, upstream: folder.value["upstream"]?.string ?? "",
          prefix: folder.value["prefix"]?.string,
          digests: Dictionary(
            uniqueKeysWithValues: digests.map { ($0.key, $0.value.string ?? "") }))
      }
    }()
  }

  @Test func nothingIsForgotten() {
    #expect(Found.all.count >= 28)
  }

  @Test(arguments: Found.all) func holdsExactlyWhatWasWritten(_ found: Found) throws {
    #expect(try Fixtures.digests(found.path, prefix: found.prefix) == found.digests)
    let inspection = try Fixtures.inspect(found.path, prefix: found.prefix)
    #expect(inspection.upstream == found.upstream)
    #expect(inspection.isUsable)
  }

  private func finding(_ code: String, in name: String) throws -> Finding? {
    try Fixtures.inspect("found/\(name)").findings.first { $0.code == code }
  }

  /// Code that calls the exact form `gelu` beside a config of Google's, whose `gelu` is the other.
  @Test(arguments: [
    ("lonepatient", "lonePatient/albert_pytorch"), ("bert4torch", "bert4torch"),
    ("h5-bert4keras-mlm", "bert4keras"),
  ]) func saysWhichGELUTheCodeComputes(_ name: String, _ title: String) throws {
    let finding = try #require(try finding("activation-dialect", in: name))
    #expect(
      finding.sentence
        == "the config says 'gelu', which is gelu_erf in \(title), whose weights these are, and "
        + "gelu_tanh in the code that such configs are written for; gelu_erf was taken; state "
        + "hidden_act in the config, or in a copy of it named with InspectionOptions.config: gelu_erf for what was "
        + "taken, gelu_new for the other one")
    #expect(finding.severity == .warning)
    #expect(try Fixtures.inspect("found/\(name)").config?.hiddenAct == .geluErf)
  }

  /// The remedy of that warning, followed.
  @Test func anotherConfigSaysTheOtherGELU() throws {
    let inspection = try Fixtures.inspect(
      "found/lonepatient", config: "found/paddle-safetensors/config.json")
    #expect(inspection.config?.hiddenAct == .geluTanh)
    #expect(!inspection.findings.contains { $0.code == "activation-dialect" })
    #expect(inspection.isUsable)
  }

  @Test func saysThatAnotherLayerNormMovesOutputs() throws {
    let finding = try #require(try finding("layer-norm-differs", in: "uer-new"))
    #expect(
      finding.message == "the LayerNorm of UER-py divides by the unbiased deviation plus 1e-6, "
        + "ALBERT's by the root of the variance plus an epsilon, so that outputs differ a little; the "
        + "verification that ends a conversion measures by how much")
    #expect(finding.severity == .warning)
  }

  @Test func saysWhatTheCodeDoesNotAdd() throws {
    #expect(
      try finding("computed-as-zero", in: "h5-kpe-bert-for-tf2")?.message
        == "the file has no albert.embeddings.token_type_embeddings.weight [2, 16]: kpe/bert-for-tf2 "
        + "adds none to this model, which zeros express")
  }

  @Test(arguments: [
    ("bert4torch", "ALBERT is the part under 'bert.'; 2 tensors", "dense.weight"),
    ("outer-layer", "ALBERT is the part under 'albert.'; 2 tensors", "fc.weight"),
    (
      "h5-bert4keras-classifier-optimizer", "ALBERT is the part under 'model_weights/'; 2 tensors",
      "dense_cls"
    ),
    (
      "hf-functional-savedmodel-uncompiled",
      "ALBERT is the part under 'tf_albert_model/'; 2 tensors", "layer_with_weights-1/kernel"
    ),
    (
      "hf-functional-weightsh5", "ALBERT is the part under 'layers/tf_albert_model/'; 2 tensors",
      "layers/dense"
    ),
    (
      "hf-functional-two-dense",
      "ALBERT is the part under 'layers/tf_albert_main_layer/'; 4 tensors", "layers/dense/vars/0"
    ),
    ("h5-kpe-bert-for-tf2", "ALBERT is the part under 'albert/'; 2 tensors", "logits"),
  ]) func leavesTheUsersOwnLayersOut(_ name: String, _ start: String, _ layer: String) throws {
    let message = try #require(try finding("surrounding", in: name)).message
    #expect(message.hasPrefix(start))
    #expect(message.contains(layer))
  }

  /// Training state is counted as such, whatever the optimizer and the key that holds it.
  @Test(arguments: [
    ("train-optimizer_state_dict", 24_993), ("train-any-key", 22_945), ("tf1-opt-rmsprop", 29_414),
    ("hf-cls-fit-savedmodel", 29_417), ("hf-cls-legacy-adam-savedmodel", 4874),
  ]) func countsTrainingState(_ name: String, _ count: Int) throws {
    let inspection = try Fixtures.inspect("found/\(name)")
    let training = inspection.tensors { $0 == .training }
    let numbers = training.filter { $0.type.isFloatingPoint }.reduce(0) { $0 + $1.shape.count }
    #expect(numbers == count)
    #expect(inspection.tensors { $0 == .surrounding }.allSatisfy { $0.shape.rank < 2 })
  }

  /// What is no weight is none of a larger model's.
  @Test func tellsValuesFromWeights() throws {
    #expect(try finding("surrounding", in: "train-any-key") == nil)
    #expect(
      try finding("values-beside", in: "train-any-key")?.message
        == "what is no weight is left out: rng, loss")
  }

  /// A user's own layer is left out, and may be taken along.
  @Test(arguments: [TaskHead.sequenceClassification, .tokenClassification, .questionAnswering])
  func takesAUsersLayerByRequest(_ head: TaskHead) throws {
    #expect(
      try finding("surrounding", in: "outer-layer")?.sentence
        == "ALBERT is the part under 'albert.'; 2 tensors of the model around it are left out (fc.weight, "
        + "fc.bias); if 'fc' is its head over 5 classes, take it along with InspectionOptions.head "
        + "sequence_classification or InspectionOptions.head token_classification")
    var options = Fixtures.options()
    options.head = head
    let inspection = try Inspection.open(Fixtures.folder.appending("found/outer-layer"), options)
    if head == .questionAnswering {
      #expect(inspection.findings.contains { $0.code == "head-mismatch" })
      return
    }
    #expect(inspection.isUsable)
    #expect(inspection.contents.taskHead == head)
    #expect(inspection.config?.numLabels == 5)
    #expect(inspection.tensors { $0 == .surrounding }.isEmpty)
  }

  /// A class in the pickle says what a bare classifier is.
  @Test func aPickledClassSaysTheHead() throws {
    let inspection = try Fixtures.inspect("found/torch-dynamic-whole")
    #expect(inspection.contents.taskHead == .sequenceClassification)
    #expect(!inspection.findings.contains { $0.code == Inspection.guessedHeadCode })
  }

  @Test func saysWhatWasPruned() throws {
    #expect(
      try finding("pruned", in: "pruned")?.message
        == "3 tensors are pruned by torch.nn.utils.prune; they are read as the original times the mask, "
        + "as its layers compute them")
  }

  @Test func aHeadForOrderOfThreeIsRefusedOnce() throws {
    let inspection = try Fixtures.inspect("found/sentence-order-of-three")
    let errors = inspection.findings.filter { $0.severity == .error }.map(\.sentence)
    #expect(
      errors == [
        "'sop_classifier.classifier.weight' [3, 32]: Hugging Face's classes make the head for sentence "
          + "order with num_labels outputs, and one of other than 2 tells no order; take the model "
          + "without heads with InspectionOptions.prefix albert"
      ])
  }

  /// Layers with LayerNorms of their own that share matrices: a group each, and what that costs.
  @Test func layersWithTheirOwnLayerNormsGetGroups() throws {
    let inspection = try Fixtures.inspect("found/tf1-unshared-layernorm")
    #expect(inspection.config?.numHiddenGroups == 3)
    #expect(inspection.config?.layerMap.groups == [0, 1, 2])
    #expect(
      try finding("unshared-layer-norm", in: "tf1-unshared-layernorm")?.message
        == "each layer has LayerNorms of its own and shares its matrices: 3 groups express that "
        + "exactly; 12 shared tensors are repeated in them, which adds 14752 numbers (59008 bytes in "
        + "float32); an ONNX model holds them once")
  }

  /// safetensors without a note of the name that was left out; the remedy, followed.
  @Test func aTiedTensorIsTheWordTableByRequest() throws {
    let name = "found/tie-accelerate-save_model"
    #expect(
      failure { try Fixtures.inspect(name) }.hasSuffix(
        "of an ALBERT the word embeddings 'albert.embeddings.word_embeddings.weight' alone are missing; "
          + "'lm_head.weight' [96, 16] has their shape; if they were saved under the name of what is "
          + "tied to them, say so with InspectionOptions.tie lm_head.weight"))
    var options = Fixtures.options()
    options.tie = "lm_head.weight"
    let inspection = try Inspection.open(Fixtures.folder.appending(name), options)
    #expect(inspection.isUsable)
    let loaded = try LoadedModel(inspection)
    let words = try #require(
      zip(loaded.model.header.layout.places, loaded.model.header.digests).first {
        $0.0.tensor.name == "albert.embeddings.word_embeddings.weight"
      })
    // The same model as the one whose file says the alias.
    let other = Found.all.first { $0.name == "tie-save_model-customhead" }
    #expect(words.1.description == other?.digests[words.0.tensor.name])
  }

  @Test(arguments: [
    ("albert.pooler.weight", "bert4torch", "a tensor of this name is missing"),
    ("bert.pooler.weight", "bert4torch", "the word embeddings are not what is missing"),
  ]) func tyingIsRefusedWhereItMakesNoSense(
    _ tie: String, _ name: String, _ message: String
  ) throws {
    var options = Fixtures.options()
    options.tie = tie
    #expect(
      failure {
        try Inspection.open(Fixtures.folder.appending("found").appending(name), options)
      }.contains(message))
  }

  @Test func saysOnceWhatTheHeadsAre() throws {
    let inspection = try Fixtures.inspect("found/tf1-squad2")
    let errors = inspection.findings.filter { $0.severity == .error }.map(\.sentence)
    #expect(errors.count == 1)
    #expect(
      errors.first?.hasSuffix(
        "the heads of Google's run_squad_v2.py score an answer's end from its start, which no target "
          + "can express; take the model without heads with InspectionOptions.prefix bert") == true)
  }

  /// A table of the user's own inside the embeddings: told, and left out where the place is named.
  @Test func leavesOutWhatIsNoAlbertsByRequest() throws {
    #expect(
      try finding("unexpected-tensor", in: "extra-under-prefix")?.sentence
        == "found an unexpected tensor 'albert.embeddings.entity_embeddings.weight' [5, 16]: no ALBERT "
        + "has a tensor of this name; check that this is an ALBERT checkpoint and the config belongs to "
        + "it; InspectionOptions.prefix albert takes what is an ALBERT's there and leaves the rest")
    let inspection = try Fixtures.inspect("found/extra-under-prefix", prefix: "albert")
    #expect(inspection.isUsable)
    #expect(
      inspection.findings.first { $0.code == "left-out" }?.message
        == "'albert.embeddings.entity_embeddings.weight' [5, 16] is none of an ALBERT's and is left out, "
        + "as the stated prefix says; whatever uses it computes something else")
    // A bare model has no name to take; the empty one takes what lies at the top.
    let tensors = Synthetic.tensors(.backbone).map {
      Synthetic.float(String($0.name.dropFirst("albert.".count)), $0.shape.dimensions)
    }
    let more = tensors + [Synthetic.float("embeddings.more.weight", [2, 4])]
    let refused = try Synthetic.inspect(more)
    #expect(
      refused.refusal?.description.hasSuffix(
        "; InspectionOptions.prefix '' takes what is an ALBERT's there and leaves the rest") == true
    )
    #expect(try Synthetic.inspect(more, prefix: "").isUsable)
    // Where a layer's matrix is missing, too, no place takes a model.
    let torn = more.filter { !$0.name.hasSuffix("ffn.weight") }
    #expect(
      try Synthetic.inspect(torn).findings.first { $0.code == "unexpected-tensor" }?.sentence
        .hasSuffix(
          "no ALBERT has a tensor of this name; check that this is an ALBERT checkpoint and the config "
            + "belongs to it") == true)
  }

  /// bert4keras' layers changed their epsilon with a version.
  @Test func saysWhichEpsilonDependsOnAVersion() throws {
    let note = try #require(try finding("epsilon-by-version", in: "h5-bert4keras-mlm"))
    #expect(
      note.message
        == "bert4keras since version 0.11.4 computes the layers' LayerNorms with Keras' epsilon 1e-07, "
        + "the embeddings' and the head's with 1e-12, which earlier versions have throughout and which "
        + "was taken; outputs differ by about 1e-6")
    #expect(note.severity == .note)
  }

  /// A decoder of its own in every trainer's names, read as the user states.
  @Test(arguments: [
    ("uer-new", "target.mlm.linear_2.weight"), ("bert4torch", "bert.mlmDecoder.weight"),
    ("paddle-safetensors", "predictions.decoder.weight"),
    ("lonepatient", "cls.predictions.decoder.weight"),
  ]) func readsADecoderOfItsOwnAsStated(_ name: String, _ decoder: String) throws {
    let source = try Fixtures.inspect("found/\(name)")
    let sizes = try #require(source.config)
    var stored = source.archive.tensors.filter { $0.type == .float32 }
    if !stored.contains(where: { $0.name == decoder }) {
      stored.append(Synthetic.float(decoder, [sizes.vocabSize, sizes.embeddingSize]))
    }
    let config = source.configFile?.path
    let scratch = try Scratch()
    try scratch.writeSafetensors(stored, filling: decoder)
    func inspect(_ reading: DecoderReading?) throws -> Inspection {
      var options = Fixtures.options(config: config)
      options.decoder = reading
      return try Inspection.open(scratch.folder, options)
    }
    let open = try inspect(nil)
    #expect(open.decoder?.differs == true)
    // The code of some decodes with what is stored unless it is told otherwise.
    let decodesWithStored = ["uer-new", "bert4torch"].contains(name)
    #expect(
      open.findings.contains {
        $0.code == (decodesWithStored ? "decoder-own" : "decoder-differs")
          && $0.severity == (decodesWithStored ? .note : .warning)
      })
    #expect(open.contents.untiedDecoder == decodesWithStored)
    let untied = try inspect(.untied)
    #expect(untied.isUsable)
    #expect(untied.contents.untiedDecoder)
    let loaded = try LoadedModel(untied).model.header
    let place = try #require(
      loaded.layout.places.first { $0.tensor.name == "predictions.decoder.weight" })
    #expect(place.tensor.shape == Shape([sizes.vocabSize, sizes.embeddingSize]))
    #expect(try !inspect(.tied).contents.untiedDecoder)
  }

  /// Names that two publishers share are told apart by the kernels' shapes.
  @Test func sharedNamesAreToldApartByShapes() {
    let names = HuggingFaceNames.all
    func upstream(_ transposed: Bool) -> String? {
      let shapes = names.map { $0.shape(transposed) }
      let file = FileNames(names.map(\.name), shapes: shapes)
      return UpstreamRegistry.candidates(for: file, format: "safetensors").first?.upstream.name
    }
    #expect(upstream(false) == "huggingface")
    #expect(upstream(true) == "paddlenlp")
  }
}

/// The names that Hugging Face and PaddleNLP share, under a part called `transformer`.
private struct HuggingFaceNames {
  let name: String
  let spec: ParameterSpec

  func shape(_ transposed: Bool) -> Shape {
    transposed && spec.parameter.role.isLinearWeight ? spec.shape.reversed : spec.shape
  }

  static let all: [HuggingFaceNames] = {
    let config = AlbertConfig(
      vocabSize: 10, embeddingSize: 4, hiddenSize: 8, intermediateSize: 12,
      maxPositionEmbeddings: 6, typeVocabSize: 2, numHiddenLayers: 2, numHiddenGroups: 1,
      innerGroupNum: 1, numAttentionHeads: 2, hiddenAct: .geluTanh)
    return ParameterSpec.all(config, .backbone).map {
      HuggingFaceNames(name: "transformer." + $0.name.dropFirst("albert.".count), spec: $0)
    }
  }()
}

/// Matrices of few bits, in ONNX models of onnxruntime's quantisers.
@Suite struct BlockQuantisationTests {
  private func messages(_ name: String) throws -> [String] {
    try Fixtures.inspect("found/\(name)").findings.map(\.code)
  }

  /// A decoder that was quantised apart from the word embeddings is still theirs.
  @Test(arguments: [
    "onnx-q4", "onnx-q4-qdq", "onnx-q8-zero-points", "onnx-fp4", "onnx-nf4",
    "onnx-q4f16-fill-mask",
  ]) func aRoundedDecoderIsTheWordTable(_ name: String) throws {
    let inspection = try Fixtures.inspect("found/\(name)")
    #expect(inspection.findings.contains { $0.code == "decoder-quantised-apart" })
    #expect(!inspection.contents.untiedDecoder)
  }

  /// A quantiser that passed over the copies of a shared layer left its numbers themselves.
  @Test func takesTheCopiesThatWereLeftAlone() throws {
    #expect(try messages("onnx-q4f16-fill-mask").contains("partly-quantized"))
    #expect(try !messages("onnx-q4").contains("partly-quantized"))
  }

  @Test func saysWhereTheRuntimeRoundsActivations() throws {
    #expect(try messages("onnx-q4").contains("activations-quantized"))
    #expect(try !messages("onnx-q8-zero-points").contains("activations-quantized"))
  }
}
