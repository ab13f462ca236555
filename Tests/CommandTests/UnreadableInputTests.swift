import AlbertTestSupport
import Testing

/// What cannot be read is no answer of another kind: not by names, not of the outputs alone.
@Suite struct UnreadableInputTests {
  @Test(arguments: [
    "diff $M $M --adapter nowhere", "diff $G $G --config nowhere",
    "verify $G --against $G --config nowhere", "run $M.onnx --engine graph --config nowhere",
    "verify $M --against $M --head sequence_classification --config nowhere",
  ])
  func isAnError(_ words: String) throws {
    let graph = PackageFiles.fixtures.appending("other-graphs/gru.onnx").string
    let run = try Tool.script(
      """
      M=m; G='\(graph)'; cp -R "$SAMPLES/tiny-tf1" m; "$ALBERT" convert m m.onnx >/dev/null
      $ALBERT \(words)
      """, in: try Scratch())
    #expect(run.status == 2, "\(run.output)")
    #expect(run.errors.contains("nowhere: there is no such file"), "\(run.errors)")
  }
}
