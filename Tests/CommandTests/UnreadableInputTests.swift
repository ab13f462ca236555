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

  /// A link that leads to itself is there, and nobody can read it.
  @Test(arguments: [
    ("spiece.model", "verify m --against $SAMPLES/bible"),
    ("spiece.model", "verify $SAMPLES/bible --against m"),
    ("spiece.model", "diff m $SAMPLES/bible"), ("spiece.model", "convert m o.albert"),
    ("tokenizer", "verify n --against $SAMPLES/bible"), ("tokenizer", "diff n $SAMPLES/bible"),
    ("1_Pooling", "convert m o.albert"), ("config.json", "convert m o.albert"),
    ("config.json", "inspect m"), ("config.json", "diff m $SAMPLES/bible"),
  ])
  func whatIsThereIsNotTakenForAbsent(_ name: String, _ words: String) throws {
    let run = try Tool.script(
      """
      mkdir m n; cp "$SAMPLES"/bible/* m; cp m/* n; rm n/30k-clean.model
      for d in m n; do ln -s \(name) $d/\(name); done
      $ALBERT \(words); echo $?; ls o.* 2>/dev/null
      """, in: try Scratch())
    #expect(run.output.hasSuffix("2\n"), "\(run.output)")
    #expect(run.errors.contains("/\(name)"), "\(run.errors)")
  }

  /// What may be the checkpoint and cannot be read is not a folder without one.
  @Test func aFolderNamesWhatCannotBeRead() throws {
    let run = try Tool.script(
      "mkdir m; ln -s model.bin m/model.bin; $ALBERT inspect m", in: try Scratch())
    #expect(run.status == 2)
    #expect(run.errors.contains("model.bin"), "\(run.errors)")
  }

  /// A training loop's state that the user may not read is nothing to the model beside it.
  @Test func whatNobodyMayReadBesideAModelIsPassedOver() throws {
    let run = try Tool.script(
      """
      mkdir m; cp "$SAMPLES"/bible/* m; touch m/optimizer.bin; chmod 0 m/optimizer.bin; chmod 755 . m
      as=; [ "$(id -u)" != 0 ] || as="setpriv --reuid 65534 --regid 65534 --clear-groups"
      $as "$ALBERT" inspect m
      """, in: try Scratch())
    #expect(run.status == 0, "\(run.errors)")
  }
}
