import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertExporters
import AlbertJSON
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// KerasHub's files, against what KerasHub wrote of the same models.
@Suite struct Keras3H5Tests {
  private func json(_ path: FilePath) throws -> JSONValue {
    let file = try SourceFile(path)
    return try JSONValue.parse(try file.bytes(at: 0, count: file.size), path: path.string)
  }

  @Test(arguments: [
    "one/keras3-preset-maskedlm", "one/keras3-preset-classifier", "two/keras3-preset-maskedlm",
  ]) func aPresetIsWhatKerasHubWrites(_ model: String) throws {
    let scratch = try Scratch()
    let outcome = try ExportPlan(
      try Models.inspect(model), to: scratch.path("out"), Models.options("keras3-h5")
    ).run()
    #expect(outcome.succeeded)
    #expect(outcome.loss == nil)
    let theirs = Models.folder.pushing(FilePath(model))
    #expect(try scratch.names("out") == Folder.names(in: theirs).map(\.string))
    for name in ["config.json", "task.json"] {
      #expect(try json(scratch.path("out").appending(name)) == json(theirs.appending(name)))
    }
    let metadata = try json(theirs.appending("metadata.json"))
    let own = try json(scratch.path("out").appending("metadata.json"))
    #expect(own["parameter_count"] == metadata["parameter_count"])
    #expect(own["date_saved"] == nil)
    for name in ["model.weights.h5", "task.weights.h5"] {
      // Alone, as the two files of a preset are otherwise opened as one.
      let our = try alone(scratch.path("out").appending(name), scratch, "ours.h5")
      let their = try alone(theirs.appending(name), scratch, "theirs.h5")
      try compare(our, their)
    }
  }

  @Test(arguments: ["one/keras3-backbone", "one/keras3-maskedlm", "one/keras3-classifier"])
  func aFileIsWhatKerasHubWrites(_ model: String) throws {
    let scratch = try Scratch()
    let inspection = try Models.inspect(model)
    let output = scratch.path("out.weights.h5")
    let plan = try ExportPlan(inspection, to: output, Models.options())
    #expect(plan.format.name == "keras3-h5")
    #expect(try plan.run().succeeded)
    try compare(try Models.archive(output), inspection.archive)
  }

  /// The same datasets, and of the layers' names those on the way to one.
  private func compare(_ ours: any TensorArchive, _ theirs: any TensorArchive) throws {
    func model(_ archive: any TensorArchive) throws -> [String: Models.Content] {
      try archive.contents().filter { !$0.key.hasPrefix("optimizer/") }
    }
    #expect(try model(ours) == model(theirs))
    let optimizer = theirs.tensors.filter { $0.name.hasPrefix("optimizer/") }
    #expect(ours.tensors.count { $0.name.hasPrefix("optimizer/") } == optimizer.count)
    #expect(ours.attributes.count > 2)
    for (holder, names) in ours.attributes where holder != "optimizer/vars" {
      #expect(theirs.attributes[holder] == names, "\(holder)")
    }
  }

  private func alone(
    _ path: FilePath, _ scratch: Scratch, _ name: String
  ) throws -> any TensorArchive {
    let file = try SourceFile(path)
    let copy = try AtomicFile(scratch.path(name), replacing: true)
    try copy.write(try file.bytes(at: 0, count: file.size))
    try copy.commit()
    return try Models.archive(scratch.path(name))
  }

  @Test func whatKerasHubCannotSayIsNamed() throws {
    let scratch = try Scratch()
    let output = scratch.path("out")
    #expect(
      failure {
        try ExportPlan(
          try Models.inspect("two/hf-safetensors"), to: output, Models.options("keras3-h5"))
      }
        == "\(output): a file or preset for KerasHub's classes cannot say what the source does: "
        + "KerasHub has no sentence-order head: it is left out; KerasHub's code knows no activation "
        + "but GELU's tanh form: it would compute that instead of gelu_erf; KerasHub's code fixes the "
        + "masked-LM head's epsilon: its LayerNorm would compute with 1e-05 instead of 1e-12; choose "
        + "another format, or pass ExportOptions.allowsInexact")
  }

  @Test func headsWithoutAClassAreNamed() throws {
    let scratch = try Scratch()
    for (model, head) in [
      ("one/hf-safetensors-qa", "question_answering"),
      ("one/hf-safetensors-tokencls", "token_classification"),
      ("one/hf-safetensors-multichoice", "multiple_choice"),
    ] {
      var options = Models.options("keras3-h5")
      let inspection = try Models.inspect(model)
      #expect(
        failure { try ExportPlan(inspection, to: scratch.path(head), options) }.contains(
          "KerasHub has no head for \(head): it is left out"))
      options.allowsInexact = true
      options.initializesMissing = true
      let outcome = try ExportPlan(inspection, to: scratch.path(head), options).run()
      #expect(outcome.succeeded)
      #expect(
        try scratch.names(head) == ["config.json", "metadata.json", "model.weights.h5"])
    }
  }

  @Test func everyOtherNumberIsNamed() throws {
    let scratch = try Scratch()
    var config = SmallModel.config
    config.layerNormEps = 1e-5
    config.mlmLayerNormEps = 1e-5
    try scratch.writeModel(config, .backbone, "epsilon")
    func refusal(_ name: String) throws -> String {
      let inspection = try Inspection.open(scratch.path(name), Models.reading())
      return failure {
        try ExportPlan(inspection, to: scratch.path("out"), Models.options("keras3-h5"))
      }
    }
    #expect(
      try refusal("epsilon").contains(
        "KerasHub's code fixes the LayerNorms' epsilon: they would compute with 1e-12 instead of "
          + "1e-05"))
    config = SmallModel.config
    config.numHiddenLayers = 3
    config.numHiddenGroups = 2
    config.layerMap = .huggingFace(layers: 3, groups: 2)
    try scratch.writeModel(config, .backbone, "layers")
    #expect(
      try refusal("layers")
        == "\(scratch.path("out")): KerasHub's code uses each group for equally many layers, and 2 "
        + "groups do not divide 3 layers; choose another format")
    try scratch.writeModel(SmallModel.config, .backboneWithoutPooler, "pooler")
    #expect(
      try refusal("pooler").contains(
        "albert.pooler.weight, albert.pooler.bias, which a file or preset for KerasHub's classes "
          + "demands"))
  }

  @Test func theVocabularyGoesWhereTheTokenizerLooks() throws {
    let scratch = try Scratch()
    try scratch.writeModel(SmallModel.config, .backbone, "source")
    let options = Models.options("keras3-h5")
    try scratch.write("source/spiece.model", text: "<pad> [CLS] [SEP]")
    _ = try Export.run(scratch.path("source"), to: scratch.path("without"), options)
    #expect(
      try scratch.names("without") == ["config.json", "metadata.json", "model.weights.h5"])
    try scratch.write("source/spiece.model", text: "<pad> [CLS] [SEP] [MASK]")
    _ = try Export.run(scratch.path("source"), to: scratch.path("with"), options)
    let files = try scratch.contents("with")
    #expect(
      files["assets/tokenizer/vocabulary.spm"] == Array("<pad> [CLS] [SEP] [MASK]".utf8))
    let tokenizer = try json(scratch.path("with/tokenizer.json"))
    #expect(tokenizer["registered_name"]?.string == "keras_hub>AlbertTokenizer")
    // A backbone has no task, and so no preprocessor of its own.
    #expect(files["preprocessor.json"] == nil)
  }
}
