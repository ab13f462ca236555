import AlbertTestSupport
import Testing

/// An option that would be without effect is wrong usage, or is said to say nothing of this file.
@Suite struct UnusedOptionTests {
  @Test(arguments: [
    "variants --config nowhere", "variants albert-base-v2 --prefix x",
    "run $SAMPLES/tiny-tf1 --top 3", "run $SAMPLES/tiny-tf1 --ids 2,3 --strict",
    "run $SAMPLES/bible --text x --allow-no-answer", "run $SAMPLES/bible --text x --all-stages",
    "run $SAMPLES/bible --text x --all-stages --output v.npy",
    "run x.onnx --engine graph --all-stages", "verify m --golden g.npz --complete",
    "run x.onnx --engine graph --inputs x.npz --config x.json",
    "convert --from-list list.txt --into out --max-error nan",
    "convert --from-list list.txt --into out --max-error 1 --no-verify",
  ])
  func withoutEffectIsWrongUsage(_ words: String) throws {
    let run = try Tool.script("$ALBERT \(words)", in: try Scratch())
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test(arguments: [
    "inspect $SAMPLES/configs/albert_base_v2.json --config nowhere --stats",
    "diff $SAMPLES/configs/albert_base_v2.json $SAMPLES/configs/albert_base_v2.json --config nowhere",
    "tokenize $SAMPLES/bible/30k-clean.model x --config nowhere",
    "verify $SAMPLES/tiny-tf1 --against $SAMPLES/tiny-tf1 --budget 2",
  ])
  func whatSaysNothingOfAFileIsNamed(_ words: String) throws {
    let run = try Tool.script("$ALBERT \(words)", in: try Scratch())
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("nothing of '"), "\(run.errors)")
    let plain = [" --config nowhere", " --stats", " --budget 2"].reduce(words) {
      $0.replacing($1, with: "")
    }
    #expect(try Tool.script("$ALBERT \(plain)", in: try Scratch()).errors.isEmpty)
  }

  @Test(arguments: ["--engine fast", "--engine reference", "--complete"])
  func passesAndParametersSayNothingOfAMereGraph(_ words: String) throws {
    let graph = PackageFiles.fixtures.appending("other-graphs/gru.onnx").string
    let run = try Tool.script(
      "$ALBERT verify '\(graph)' --against '\(graph)' \(words)", in: try Scratch())
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("\(words) says nothing of '"), "\(run.errors)")
    for engine in ["both", "graph"] {
      let run = try Tool.script(
        "$ALBERT verify '\(graph)' --against '\(graph)' --engine \(engine)", in: try Scratch())
      #expect(run.status == 0 && !run.errors.contains("says nothing"), "\(run.errors)")
    }
  }

  @Test func dataApartAreForONNX() throws {
    let run = try Tool.script(
      "$ALBERT convert $SAMPLES/tiny-tf1 o.npz --external-data; echo $?; ls", in: try Scratch())
    #expect(run.output == "2\nstderr\n", "\(run.output)")
    #expect(run.errors.contains("leave out --external-data"))
  }
}
