import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertConversion
import AlbertTestModels
import AlbertTestSupport
import AlbertVerification
import SystemPackage
import Testing

@Suite("Outputs of a forward pass")
struct OutputFileTests {
  @Test("What run writes is a golden file of its own", arguments: ["npz", "safetensors"])
  func writes(_ type: String) throws {
    let scratch = try Scratch()
    let model = try Fixtures.model("tiny-a/hf")
    let inputs = ProbeInputs.short([model.model.config])
    for engine in Engine.allCases {
      let path = scratch.path("out-\(engine.rawValue).\(type)")
      let statistics = try ForwardRun.run(
        model, inputs, from: "probe", engine: engine, attentions: true, output: path)
      let recorded = try GoldenFile(path)
      #expect(recorded.inputs == inputs)
      #expect(recorded.stages.count == statistics.count)
      let result = try Verification.verify(model, golden: recorded)
      let own = result.stages.filter { $0.engine == engine }
      #expect(result.passes)
      #expect(own.allSatisfy { $0.error?.real.maxAbs == 0 })
    }
  }

  @Test("The same run gives the same bytes", arguments: ["npz", "safetensors"])
  func isDeterministic(_ type: String) throws {
    let scratch = try Scratch()
    let model = try Fixtures.model("tiny-b/hf")
    let inputs = ProbeInputs.short([model.model.config])
    let files = try (0..<2).map { index in
      let path = scratch.path("\(index).\(type)")
      _ = try ForwardRun.run(
        model, inputs, from: "probe", engine: .reference, output: path)
      let file = try SourceFile(path)
      return try file.bytes(at: 0, count: file.size)
    }
    #expect(files[0] == files[1])
  }

  @Test("Another extension is refused by name, and an existing file is kept")
  func refuses() throws {
    let scratch = try Scratch()
    let model = try Fixtures.model("tiny-a/hf")
    let inputs = ProbeInputs.short([model.model.config])
    func run(_ name: String) throws(FileError) {
      _ = try ForwardRun.run(model, inputs, from: "probe", output: scratch.path(name))
    }
    let error = #expect(throws: FileError.self) { try run("out.csv") }
    #expect(error?.remedy == "name a file that ends in .npz or .safetensors")
    try run("out.npz")
    #expect(throws: FileError.self) { try run("out.npz") }
  }
}
