import Conversion
import Exporters
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder for Hugging Face's classes takes the tokenizer along, and nothing else.
@Suite struct TokenizerTests {
  /// A model's folder in `scratch`, which a test adds to.
  private func source(_ scratch: Scratch) throws -> FilePath {
    var options = Models.options("huggingface")
    options.verifies = false
    let folder = scratch.path("source")
    _ = try Export.run(Models.folder.appending("one/tf1"), to: folder, options)
    return folder
  }

  private func exported(_ source: FilePath, _ scratch: Scratch) throws -> [String: [UInt8]] {
    _ = try Export.run(source, to: scratch.path("out"), Models.options("huggingface"))
    return try scratch.contents("out")
  }

  @Test func itsFilesAreTakenAlong() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    try scratch.write("source/spiece.model", text: "pieces")
    try scratch.write("source/tokenizer_config.json", text: "{}")
    try scratch.write("source/training_args.bin", text: "not the tokenizer's")
    let files = try exported(source, scratch)
    #expect(
      files.keys.sorted() == [
        "config.json", "model.safetensors", "spiece.model", "tokenizer_config.json",
      ])
    #expect(files["spiece.model"] == Array("pieces".utf8))
  }

  @Test func publishersNamesBecomeHuggingFaces() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    try scratch.make(scratch.path("source/assets"))
    try scratch.make(scratch.path("source/assets/tokenizer"))
    try scratch.write("source/assets/tokenizer/vocabulary.spm", text: "pieces")
    let files = try exported(source, scratch)
    #expect(files["spiece.model"] == Array("pieces".utf8))
  }

  @Test func aLayersConfigIsNoTokenizer() throws {
    let scratch = try Scratch()
    let preset = scratch.path("source")
    var options = Models.options("keras3-h5")
    _ = try ExportPlan(try Models.inspect("one/keras3-maskedlm"), to: preset, options).run()
    try scratch.write("source/tokenizer.json", text: "{}")
    options = Models.options("huggingface")
    options.allowsInexact = true
    let inspection = try Inspection.open(preset, Models.reading())
    _ = try ExportPlan(inspection, to: scratch.path("out"), options).run()
    #expect(try scratch.names("out") == ["config.json", "model.safetensors"])
  }

  @Test func aLinkOutOfTheFolderIsNotFollowed() throws {
    let scratch = try Scratch()
    let source = try source(scratch)
    let secret = try scratch.write("secret", text: "the user's own")
    let isMade = unsafe secret.withPlatformString { secret in
      unsafe source.appending("spiece.model").withPlatformString { name in
        unsafe symlink(secret, name) == 0
      }
    }
    try #require(isMade)
    #expect(try exported(source, scratch).keys.sorted() == ["config.json", "model.safetensors"])
  }
}
