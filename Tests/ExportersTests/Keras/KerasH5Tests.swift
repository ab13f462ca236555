import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertExporters
import AlbertTestSupport
import SystemPackage
import Testing

/// `tf_model.h5`, against what transformers' TensorFlow classes wrote of the same models.
@Suite struct KerasH5Tests {
  @Test(arguments: [
    "one/hf-h5", "two/hf-h5", "one/hf-h5-albertmodel", "one/hf-h5-qa", "one/hf-h5-seqcls",
  ]) func theFileIsLaidOutAsTensorFlowDoes(_ model: String) throws {
    let scratch = try Scratch()
    let outcome = try ExportPlan(
      try Models.inspect(model), to: scratch.path("out"), Models.options("keras-h5")
    ).run()
    #expect(outcome.succeeded)
    #expect(outcome.loss == nil)
    #expect(try scratch.names("out") == ["config.json", "tf_model.h5"])
    let ours = try Models.archive(scratch.path("out/tf_model.h5"))
    let theirs = try Models.archive(Models.folder.pushing(FilePath(model + "/tf_model.h5")))
    #expect(try ours.contents() == theirs.contents())
    var (own, their) = (ours.attributes, theirs.attributes)
    // Layers of dropout have no weights, and names with a number of the program's own.
    their = their.filter { !$0.key.hasPrefix("dropout") }
    their["", default: [:]]["layer_names"]?.removeAll { $0.hasPrefix("dropout") }
    own[""]?["keras_version"] = nil
    their[""]?["keras_version"] = nil
    #expect(own == their)
  }

  /// The masked-LM head repeats the embeddings, which cost the file nothing.
  @Test func whatLayersShareIsStoredOnce() throws {
    let scratch = try Scratch()
    let output = scratch.path("out.h5")
    let plan = try ExportPlan(
      try Models.inspect("one/hf-safetensors"), to: output, Models.options())
    #expect(plan.format.name == "keras-h5")
    #expect(try plan.run().succeeded)
    let ours = try SourceFile(output)
    let theirs = try SourceFile(Models.folder.appending("one/hf-h5/tf_model.h5"))
    #expect(ours.size < theirs.size)
  }

  /// So many blocks that the names of the weights exceed what one attribute holds.
  @Test func longListsOfWeightsAreSplit() throws {
    let scratch = try Scratch()
    var config = SmallModel.config
    config.numHiddenLayers = 48
    config.numHiddenGroups = 24
    config.innerGroupNum = 2
    config.layerMap = .huggingFace(layers: 48, groups: 24)
    try scratch.writeModel(config, .backbone, "many")
    let inspection = try Inspection.open(scratch.path("many"), Models.reading())
    let plan = try ExportPlan(
      inspection, to: scratch.path("out"), Models.options("keras-h5"))
    #expect(try plan.run().succeeded)
    let archive = try Models.archive(scratch.path("out/tf_model.h5"))
    let names = archive.attributes["albert"]?["weight_names"] ?? []
    #expect(names.count == plan.conversion.tensors.count)
    #expect(names.reduce(0) { max($0, $1.utf8.count) } * names.count > 64_512)
    let digests = try Models.digests(inspection)
    let written = try Models.digests(
      try Inspection.open(scratch.path("out"), Models.reading()))
    #expect(written == digests)
  }

  @Test func brainFloatsAreRefused() throws {
    let scratch = try Scratch()
    let output = scratch.path("out")
    #expect(
      failure {
        try ExportPlan(
          try Models.inspect("one/tf1"), to: output, Models.options("keras-h5", .bf16))
      }
        == "\(output): an HDF5 file for Hugging Face's TensorFlow classes cannot hold bfloat16 in "
        + "tensor 'albert.embeddings.word_embeddings.weight'; pass ExportOptions.type f32, or name another "
        + "format")
  }

  @Test func aBareModelNeedsItsPooler() throws {
    let scratch = try Scratch()
    try scratch.writeModel(SmallModel.config, .backboneWithoutPooler, "bare")
    let inspection = try Inspection.open(scratch.path("bare"), Models.reading())
    var options = Models.options("keras-h5")
    #expect(
      failure { try ExportPlan(inspection, to: scratch.path("out"), options) }.contains(
        "albert.pooler.weight, albert.pooler.bias, which an HDF5 file for Hugging Face's TensorFlow "
          + "classes demands and the source lacks, is missing"))
    options.initializesMissing = true
    #expect(try ExportPlan(inspection, to: scratch.path("out"), options).run().succeeded)
  }

  @Test func aFolderThatIsNotThereIsNamed() throws {
    let scratch = try Scratch()
    let plan = try ExportPlan(
      try Models.inspect("one/tf1"), to: scratch.path("none/out.h5"), Models.options())
    #expect(
      failure { try plan.run() }
        == "\(scratch.path("none/out.h5")): the folder '\(scratch.path("none"))' is missing; make the "
        + "folder first")
    #expect(try scratch.names().isEmpty)
  }
}
