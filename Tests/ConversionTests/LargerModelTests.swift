import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertTensors
import AlbertTestSupport
import AlbertUpstreams
import Testing

/// ALBERT is found within larger models, and only there.
@Suite struct LargerModelTests {
  @Test func isFoundUnderItsPrefix() throws {
    let inspection = try Fixtures.inspect("one/torch-in-larger-model")
    #expect(inspection.prefix == "net.bert.module.")
    // `net.bert_encoder` begins as `net.bert` does and is no part of it.
    #expect(
      inspection.tensors { $0 == .surrounding }.map(\.name) == [
        "net.bert_encoder.module.weight", "net.bert_encoder.module.bias",
        "net.predictor.module.lstm.weight_ih_l0",
      ])
    #expect(inspection.isUsable)
    let note = try #require(inspection.findings.first { $0.code == "surrounding" })
    #expect(
      note.message
        == "ALBERT is the part under 'net.bert.module.'; 3 tensors of the model around it are left "
        + "out (net.bert_encoder.module.weight, net.bert_encoder.module.bias, "
        + "net.predictor.module.lstm.weight_ih_l0)")
  }

  /// A head under its own name beside a backbone under another is no layer of a user's; the remedy takes it
  /// along.
  @Test func aHeadOfItsOwnIsWarnedOf() throws {
    for beginning in ["bert.", "albert."] {
      let tensors = Synthetic.tensors().map { tensor in
        let isBackbone = tensor.name.hasPrefix("albert.")
        let name = isBackbone ? beginning + tensor.name.dropFirst(7) : tensor.name
        return TensorDescription(name: name, type: tensor.type, shape: tensor.shape)
      }
      let inspection = try Synthetic.inspect(tensors)
      let warning = inspection.findings.first { $0.code == "surrounding" }
      let isRenamed = beginning == "bert."
      #expect(inspection.contents.mlm != isRenamed && inspection.contents.sop != isRenamed)
      #expect((warning?.severity == .warning) == isRenamed)
      if let warning {
        #expect(warning.sentence.contains("has the name of ALBERT's own head"))
        #expect(warning.sentence.contains("'albert.' in the place of 'bert.'"))
      }
    }
  }

  @Test func twoAreToldApartByTheUser() throws {
    #expect(
      failure { try Fixtures.inspect("one/torch-two-models") }
        .hasSuffix(
          "more than one ALBERT in this file fits: 'student.', 'teacher.'; say which one with "
            + "InspectionOptions.prefix"))
    for prefix in ["student", "student."] {
      let inspection = try Fixtures.inspect("one/torch-two-models", prefix: prefix)
      #expect(inspection.prefix == "student.")
      #expect(inspection.tensors { $0 == .surrounding }.count == 25)
    }
    let student = try Fixtures.digests("one/torch-two-models", prefix: "student")
    let folder = try #require(FixtureFolder.all.first { $0.path == "one/torch-two-models" })
    #expect(student == folder.digests)
    let teacher = try Fixtures.digests("one/torch-two-models", prefix: "teacher")
    #expect(Set(teacher.keys) == Set(student.keys))
    #expect(teacher.allSatisfy { $0.value != student[$0.key] })
    #expect(
      failure { try Fixtures.inspect("one/torch-two-models", prefix: "other") }
        .contains("expected an ALBERT's word embeddings and layers under 'other', found none"))
  }

  @Test func theBackboneAloneIsReadByItsPrefix() throws {
    let folder = try #require(FixtureFolder.all.first { $0.path == "one/hf-safetensors" })
    for (path, prefix) in [("one/hf-safetensors", "albert"), ("one/tf1", "bert")] {
      let digests = try Fixtures.digests(path, prefix: prefix)
      #expect(digests == folder.digests.filter { $0.key.hasPrefix("albert.") })
    }
  }

  @Test func layersOfAUsersOwnAreLeftOut() throws {
    let inspection = try Fixtures.inspect("one/keras3-in-user-model")
    // By its class and number the user's layer would be KerasHub's own output layer.
    #expect(
      inspection.tensors { $0 == .surrounding }.map(\.name) == [
        "layers/dense/vars/0", "layers/dense/vars/1",
      ])
    #expect(inspection.contents.taskHead == nil)
    #expect(inspection.prefix == "layers/albert_backbone/")
  }

  /// A model that goes on from the backbone's outputs has its layers among the user's own.
  @Test(arguments: ["one/keras3-in-user-graph", "one/keras3-in-user-graph-h5"])
  func layersBesideTheBackbonesOwnAreLeftOut(_ path: String) throws {
    let inspection = try Fixtures.inspect(path)
    #expect(inspection.configSource == .embedded)
    #expect(inspection.config?.numHiddenLayers == 3)
    #expect(inspection.config?.numAttentionHeads == 3)
    // Two dense layers and a LayerNorm.
    #expect(inspection.tensors { $0 == .surrounding }.count == 6)
    #expect(inspection.isUsable && !inspection.contents.pooler)
  }

  /// A SavedModel of Keras 3's states the paths of the user's layers, each twice.
  @Test func layersOfAnExportsUserAreLeftOut() throws {
    let inspection = try Fixtures.inspect("one/keras3-export-in-user-model")
    #expect(inspection.isUsable)
    #expect(inspection.tensors { $0 == .surrounding }.count == 8)
  }

  /// The own names of the layers of a model that is an attribute tell groups from inner layers.
  @Test func groupsAreKnownWithinAUsersClass() throws {
    let path = Fixtures.folder.pushing("two/keras3-in-user-class/user.weights.h5")
    let scratch = try Scratch()
    let file = try SourceFile(path)
    let copy = try scratch.write("user.weights.h5", try file.bytes(at: 0, count: file.size))
    let config = try Inspection.open(copy, Fixtures.options()).partialConfig
    #expect(config.numHiddenGroups == 2 && config.innerGroupNum == 2)
  }

  @Test func trainingStateIsKnownByName() throws {
    func training(_ path: String, config: String? = nil) throws -> Int {
      try Fixtures.inspect(path, config: config).tensors { $0 == .training }.count
    }
    // Two slots for each of 32 variables, and the step.
    #expect(try training("one/tf1-train") == 65)
    // Two slots for each of 25, five numbers of Adam's, two counters.
    #expect(try training("one/garden-train", config: "one/tf1/albert_config.json") == 57)
    // The step and the learning rate.
    #expect(try training("one/keras3-maskedlm") == 2)
    #expect(try training("one/tf1") == 0)
  }

  /// PyTorch's wrappers of a part put their names between those around and inside it, and no head is lost.
  @Test(arguments: [
    [("albert.", "albert._orig_mod.")],
    [("albert.", "albert.module.")],
    [("albert_layers.0.", "albert_layers.0._checkpoint_wrapped_module.")],
    [
      ("albert.", "_fsdp_wrapped_module.albert._fsdp_wrapped_module."),
      ("predictions.", "_fsdp_wrapped_module.predictions."),
      ("sop_classifier.", "_fsdp_wrapped_module.sop_classifier."),
      (".albert_layers.", "._fsdp_wrapped_module.albert_layers."),
    ],
  ]) func wrappedPartsAreTheModelsOwn(_ changes: [(String, String)]) throws {
    let wrapped = Synthetic.tensors().map { tensor in
      let name = changes.reduce(tensor.name) { $0.exchanging($1.0, for: $1.1) }
      return TensorDescription(name: name, type: tensor.type, shape: tensor.shape)
    }
    let inspection = try Synthetic.inspect(wrapped)
    #expect(inspection.isUsable)
    #expect(inspection.contents.mlm && inspection.contents.sop)
    #expect(inspection.tensors { $0 == .surrounding }.isEmpty)
  }

  /// Where a name without its wrappers is another tensor's, each tensor keeps its own.
  @Test func wrappersStayWhereTheyTellTwoApart() throws {
    let names = Synthetic.tensors().flatMap { tensor in
      ["net.", "net.module."].map {
        TensorDescription(name: $0 + tensor.name, type: tensor.type, shape: tensor.shape)
      }
    }
    #expect(
      failure { try Synthetic.inspect(names) }.contains(
        "more than one ALBERT in this file fits: 'net.', 'net.module.'"))
  }
}
