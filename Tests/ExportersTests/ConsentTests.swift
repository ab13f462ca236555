import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertExporters
import AlbertTestSupport
import AlbertVerification
import SystemPackage
import Testing

/// What a format cannot say, or demands and the source lacks, is the user's to decide.
@Suite struct ConsentTests {
  @Test func aSecondEpsilonIsRefusedByHuggingFace() throws {
    let scratch = try Scratch()
    let output = scratch.path("out")
    let inspection = try Models.inspect("one/keras3-maskedlm")
    var options = Models.options("huggingface")
    let text = failure { try ExportPlan(inspection, to: output, options) }
    #expect(
      text
        == "\(output): a folder for Hugging Face's PyTorch classes cannot say what the source does: "
        + "a Hugging Face config has one epsilon: the masked-LM head's LayerNorm would compute with "
        + "1e-12 instead of 1e-05; choose another format, or pass ExportOptions.allowsInexact")
    options.allowsInexact = true
    let outcome = try ExportPlan(inspection, to: output, options).run()
    #expect(outcome.succeeded)
    #expect(outcome.findings.map(\.code).contains("inexact-layer-norm-epsilon"))
    let loss = try #require(outcome.loss)
    #expect(loss.tensors.isEmpty)
    let logits = try #require(loss.stages.first { $0.name == "prediction_logits" })
    let hidden = try #require(loss.stages.first { $0.name == "last_hidden_state" })
    #expect(logits.maxAbs > 1e-7 && logits.maxAbs < 1e-2)
    #expect(hidden.maxAbs == 0)
  }

  @Test func partsAreMadeUpOnRequestOnly() throws {
    let scratch = try Scratch()
    let inspection = try Models.inspect("one/keras3-maskedlm")
    var options = Models.options("huggingface")
    options.allowsInexact = true
    options.initializesMissing = true
    let plan = try ExportPlan(inspection, to: scratch.path("out"), options)
    let made = plan.conversion.tensors.filter { $0.origin == .initialized }.map(\.spec.name)
    #expect(made == ["sop_classifier.classifier.weight", "sop_classifier.classifier.bias"])
    let outcome = try plan.run()
    #expect(outcome.succeeded)
    #expect(outcome.findings.filter { $0.code == "initialized" }.count == 2)
    let model = try LoadedModel(scratch.path("out"), Models.reading()).model
    let weight = Parameter(.sopWeight)
    let (values, biases) = (
      model.withBytes(of: weight) { $0.floats(of: .float32) ?? [] },
      model.withBytes(of: Parameter(.sopBias)) { $0.floats(of: .float32) ?? [] }
    )
    #expect(biases == [0, 0])
    #expect(Set(values).count == values.count)
    #expect(values.allSatisfy { abs($0) < 0.2 })
  }

  @Test func aTypeThatTheFormatLacksIsRefused() throws {
    let output = FilePath("out.safetensors")
    let text = failure {
      try ExportPlan(
        try Models.inspect("one/tf1"), to: output, Models.options("safetensors", .i8))
    }
    #expect(
      text
        == "out.safetensors: a safetensors file cannot hold int8 in tensor "
        + "'albert.embeddings.word_embeddings.weight'; pass ExportOptions.type f32, or name another format"
    )
  }

  @Test func anEndingThatPromisesAnotherFormatIsRefused() throws {
    let inspection = try Models.inspect("one/tf1")
    for name in ["out.gguf", "out.keras", "out.npy", "OUT.CKPT"] {
      let text = failure { try ExportPlan(inspection, to: FilePath(name), Models.options()) }
      #expect(text.contains("writing the format that its ending promises is not supported"))
      #expect(text.contains("native, safetensors, huggingface"))
    }
    #expect(try ExportPlan(inspection, to: "out", Models.options()).format.name == "native")
    #expect(
      try ExportPlan(inspection, to: "out.safetensors", Models.options()).format.name
        == "safetensors")
  }
}
