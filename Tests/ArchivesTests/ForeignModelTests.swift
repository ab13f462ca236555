import AlbertArchives
import AlbertBytes
import AlbertTestSupport
import SystemPackage
import Testing

/// Models of other runtimes that their name or their neighbours tell.
@Suite struct ForeignModelTests {
  @Test(
    arguments: [
      ("albert.mlmodel", [0x08, 5, 0x12, 0], "this is a Core ML model, which is not read"),
      ("albert.mindir", [0x0A, 5, 0x30], "this is a MindSpore model, which is not read"),
      ("inference.pdmodel", [0x0A, 3, 0x08, 0, 0x10], "the program of a Paddle inference model"),
      ("__model__", [0x0A, 3, 0x08, 0, 0x10], "the program of a Paddle inference model"),
      (
        "inference.pdiparams", [UInt8](repeating: 0, count: 16) + [5, 0, 0, 0, 0x08, 5],
        "the parameters of a Paddle inference model, which is not read; name the .pdparams file"
      ),
      (
        "inference.json", Array("{\"base_code\": {\"magic\": \"pir\", \"version\": 1}}".utf8),
        "the program of a Paddle inference model"
      ),
      (
        "model.engine", Array("ftrt".utf8) + [0, 1, 2],
        "this is a TensorRT engine, which is not read"
      ),
      (
        "model.bin", [6, 0, 0, 0, 0x17, 0] + Array("TransformerEncoderSpec".utf8) + [0, 1],
        "this is a CTranslate2 model, which is not read; name the checkpoint that it was made from"
      ),
      (
        "model", [0x84, 0xA5] + Array("nodes".utf8) + [0x90],
        "this is a model of spaCy (Thinc), which is not read; save the transformer that lies in it"
      ),
      ("model.json", Array("{\"format\": \"graph-model\"}".utf8), "this is a TensorFlow.js model"),
      (
        "model.ckpt-best.meta", [0x0A, 0x20, 0x0A, 3],
        "this is the graph of a TensorFlow checkpoint, which holds no weights; copy the .index and "
          + ".data-… files of the same checkpoint beside it"
      ),
    ] as [(String, [UInt8], String)])
  func isNamed(_ name: String, _ bytes: [UInt8], _ words: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(bytes, name)
    let direct = failure { try ArchiveRegistry.open(path) }
    #expect(direct.contains("\(name): "), "\(direct)")
    #expect(direct.contains(words), "\(direct)")
    if !name.hasSuffix(".json") {
      #expect(failure { try ArchiveRegistry.open(scratch.folder) } == direct)
    }
  }

  @Test(arguments: [
    "model.onnx.data", "model.onnx_data", "model.onnx_data_1", "model.onnx.e798bf36794d0014.data",
  ]) func anONNXModelsDataNamesItsGraph(_ name: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write([1, 2, 3, 4], name)
    #expect(
      failure { try ArchiveRegistry.open(path) }.contains(
        "this is the data of an ONNX model, whose graph is a file of its own"))
  }

  @Test func openVINOIsNamedByItsGraph() throws {
    let scratch = try Scratch()
    try scratch.write(Array("<?xml version=\"1.0\"?>\n<net name=\"m\">".utf8), "openvino_model.xml")
    let path = try scratch.write([0x1A, 0x34, 0xB3, 0x33, 0x91], "openvino_model.bin")
    let words =
      "this is the part of an OpenVINO model (IR) that 'openvino_model.xml' describes, "
      + "which is not read; name the checkpoint that it was made from"
    #expect(failure { try ArchiveRegistry.open(path) }.hasSuffix(words))
    #expect(failure { try ArchiveRegistry.open(scratch.folder) }.hasSuffix(words))
  }

  @Test func coreMLPackagesAreNamed() throws {
    let scratch = try Scratch()
    try scratch.make("a.mlpackage/Data/com.apple.CoreML/weights")
    try scratch.write(Array("{}".utf8), "a.mlpackage/Manifest.json")
    try scratch.write([1, 2, 3], "a.mlpackage/Data/com.apple.CoreML/weights/weight.bin")
    let package = failure { try ArchiveRegistry.open(scratch.folder.appending("a.mlpackage")) }
    #expect(package.contains("this is a Core ML model, which is not read"))
    let weights = "a.mlpackage/Data/com.apple.CoreML/weights/weight.bin"
    #expect(
      failure { try ArchiveRegistry.open(scratch.path(weights)) }.contains(
        "this is the part of a Core ML model (.mlpackage) that holds its weights, which is not read"
      ))
    try scratch.make("a.mlmodelc")
    try scratch.write([1, 2, 3], "a.mlmodelc/coremldata.bin")
    let compiled = failure { try ArchiveRegistry.open(scratch.folder.appending("a.mlmodelc")) }
    #expect(compiled.contains("a.mlmodelc: this is a Core ML model, which is not read"))
  }
  /// A manager's folder of steps, a step, a tree of arrays in it, and what lies in that, by Orbax 0.12's names.
  @Test(arguments: ["", "7", "7/default", "7/default/manifest.ocdbt", "7/default/_METADATA"])
  func orbaxCheckpointsAreNamed(_ name: String) throws {
    let scratch = try Scratch()
    try scratch.make("7/default/ocdbt.process_0/d")
    try scratch.write(#"{"item_handlers": {}}"#, to: ["7/_CHECKPOINT_METADATA"])
    try scratch.write(
      #"{"tree_metadata": {}}"#, to: ["7/default/_METADATA", "7/default/_sharding"])
    try scratch.write([0x0C, 0xDB, 0x3A, 0x2A], "7/default/manifest.ocdbt")
    try scratch.write([1, 2, 3], "7/default/ocdbt.process_0/d/a1b2")
    #expect(
      failure { try ArchiveRegistry.open(name.isEmpty ? scratch.folder : scratch.path(name)) }
        .hasSuffix(
          "this is an Orbax checkpoint, which is not read; restore it in Python with orbax.checkpoint, save "
            + "its parameters with flax.serialization.to_bytes as a .msgpack file, and name that"))
  }
}

extension Scratch {
  fileprivate func write(_ text: String, to names: [String]) throws {
    for name in names { try write(name, text: text) }
  }
}
