import AlbertExporters
import AlbertReading
import AlbertTestSupport
import Testing

/// A graph folded into parts says where each of them takes its values from.
@Suite struct GraphFoldTests {
  @Test func partsComeFromThoseThatTheyCompute() throws {
    let scratch = try Scratch()
    let plan = try ExportPlan(
      try Models.inspect("one/hf-safetensors"), to: scratch.path("model.onnx"),
      Models.options("onnx"))
    #expect(try plan.run().succeeded)
    let fold = try #require(try GraphFold(try Inspection.open(scratch.path("model.onnx"))))
    let sources = Dictionary(
      uniqueKeysWithValues: fold.blocks.map { block in
        (block.title, Set(block.sources.map { fold.blocks[$0].title }))
      })
    #expect(sources["masks and shapes"] == [])
    #expect(sources["projection"] == ["embeddings"])
    #expect(sources["layer 1"]?.isSuperset(of: ["projection", "masks and shapes"]) == true)
    #expect(sources["layer 2"]?.isSuperset(of: ["layer 1", "masks and shapes"]) == true)
    // Neither head takes what the other gives.
    #expect(sources["pooler_output"] == ["last_hidden_state"])
    #expect(sources["sop_logits"] == ["pooler_output"])
    #expect(sources["prediction_logits"]?.contains("layer 3") == true)
    #expect(sources["prediction_logits"]?.contains("sop_logits") == false)
  }
}
