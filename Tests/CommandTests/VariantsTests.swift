import AlbertArchitecture
import AlbertBytes
import AlbertComparison
import AlbertJSON
import AlbertTestSupport
import SystemPackage
import Testing

/// `albert variants --like` and `--plan`.
@Suite struct VariantsTests {
  private static let configs = PackageFiles.root.appending("samples/configs")

  private func document(_ arguments: String..., in scratch: Scratch) throws -> JSONValue {
    let run = try Tool.run(["variants"] + arguments + ["--json"], in: scratch)
    #expect(run.status == 0, "\(run.errors)")
    let document = try run.json
    #expect(try SchemaValidator("variants").violations(document) == [])
    return document
  }

  @Test(arguments: [
    ("albert_base_v2", ["albert-base-v2"]), ("albert_large_v1", ["albert-large-v1"]),
    ("albert_xxlarge_v2", ["albert-xxlarge-v1", "albert-xxlarge-v2"]),
    ("albert_xlarge_zh", ["albert-xlarge-zh"]),
  ])
  func aPublishedConfigIsItsVariant(_ config: String, _ names: [String]) throws {
    let scratch = try Scratch()
    let like = try #require(
      try document(
        "--like", Self.configs.appending("\(config).json").string, in: scratch)["like"])
    let nearest = like["nearest"]?.elements ?? []
    #expect(nearest.compactMap { $0["name"]?.string } == names)
    #expect(nearest.allSatisfy { $0["differences"]?.elements?.isEmpty == true })
    #expect(like["others"]?.elements?.count == Variant.all.count - names.count)
  }

  @Test func aModelIsNearestToWhatItWasMadeOf() throws {
    let scratch = try Scratch()
    var config = try #require(Variant.named("albert-large-zh")).config
    config.vocabSize = 21_130
    config.numHiddenLayers = 20
    let nearest = try #require(VariantLikeness.nearest(config).first)
    #expect(nearest.variant.name == "albert-large-zh")
    #expect(nearest.differences.map(\.key) == ["vocab_size", "num_hidden_layers"])
    #expect(nearest.differences.map(\.mine) == [.integer(21_130), .integer(20)])
    let sample = PackageFiles.root.appending("samples/tiny-tf1").string
    let text = try Tool.run("variants", "--like", sample, in: scratch)
    #expect(text.status == 0)
    #expect(text.output.contains("nearest to albert-tiny-zh"), "\(text.output)")
  }

  @Test func aPlanOfAPublishedVariantHasItsCounts() throws {
    let scratch = try Scratch()
    let plan = try #require(
      try document(
        "albert-base-v2", "--plan", "hidden_size=1024", "num_hidden_layers=24", in: scratch)["plan"]
    )
    let large = try #require(Variant.named("albert-large-v2")).config
    #expect(plan["config"]?["intermediate_size"]?.integer == large.intermediateSize)
    #expect(plan["config"]?["num_attention_heads"]?.integer == large.numAttentionHeads)
    let backbone = ParameterCount(large, .backbone).total
    #expect(plan["parameters"]?["backbone"]?.integer == backbone)
    #expect(plan["nearest"]?.elements?.first?["name"]?.string == "albert-large-v2")
    #expect(plan["derived"]?.elements?.count == 2)
    let lengths = plan["flops"]?.elements?.compactMap { $0["sequence_length"]?.integer }
    #expect(lengths == [16, 32, 64, 128, 256, 512])
    #expect(
      plan["flops"]?.elements?.last?["forward"]?.integer == ForwardCost.flops(large, length: 512))
    let memory = MemoryCost(large, .preTraining)
    #expect(plan["memory_bytes"]?["i8"]?.integer == memory.i8)
    #expect(
      plan["saved"]?["unshared_equivalent"]?.integer
        == ParameterCount.unsharedEquivalent(large) - backbone)
    // 30,000 x (1024 - 128) and the same for positions and segments, and no projection.
    let saved = (30_000 + 512 + 2 + 2) * (1024 - 128) - (128 * 1024 + 1024)
    #expect(plan["saved"]?["unfactorised_equivalent"]?.integer == saved)
  }

  @Test(arguments: [
    (["hidden=1024"], "did you mean 'hidden_size'"), (["hidden_size"], "KEY=VALUE"),
    (["hidden_size=big"], "no whole number"),
    (["hidden_size=512,num_hidden_layers=4"], "put a space between two keys"),
    (["hidden_size=100"], "not a multiple"),
    (["vocab_size=0"], "vocab_size is 0"), (["hidden_act=gelu"], "gelu_erf"),
    (["vocab_size=1", "vocab_size=2"], "twice"), (["hidden_size=99999999999"], "no such model"),
    (["zzz=1"], "it is one of"),
  ])
  func whatMakesNoModelIsWrongUsage(_ plan: [String], _ words: String) throws {
    let scratch = try Scratch()
    let run = try Tool.run(["variants", "--plan"] + plan, in: scratch)
    #expect(run.status == 64)
    #expect(run.errors.contains(words), "\(run.errors)")
  }

  @Test func oneQuestionAtATime() throws {
    let scratch = try Scratch()
    #expect(
      try Tool.run("variants", "albert-base-v2", "--like", "x", in: scratch).status == 64)
    #expect(try Tool.run("variants", "--like", "none", in: scratch).status == 2)
  }
}
