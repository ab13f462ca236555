import AlbertTestSupport
import Testing

/// No word lets an output take the place of what is read.
@Suite struct KeptInputTests {
  /// Commands that read `m`, and the file of it that they would write to.
  private static let cases = [
    ("survey m --format csv --into", "model.ckpt-best.index"),
    ("survey m --format csv --into", "model.ckpt-best.data-00000-of-00001"),
    ("survey . --format jsonl --into", "albert_config.json"),
    ("survey . --format csv --into", "30k-clean.model"),
    ("survey . --format csv --into", "more.onnx"),
    ("convert m --to native", "30k-clean.model"), ("convert m --to npz", "30k-clean.model"),
    ("inspect m --html", "30k-clean.model"), ("diff m m --html", "30k-clean.model"),
    ("verify m --against m --html", "30k-clean.model"),
  ]

  @Test(arguments: cases) func aModelsFileStays(_ command: String, _ file: String) throws {
    for output in ["m/\(file)", "link"] {
      let run = try Tool.script(
        """
        mkdir m; cp "$SAMPLES"/bible/* m; "$ALBERT" convert m m/more.onnx >/dev/null 2>&1
        cp m/\(file) copy; ln -s m/\(file) link
        $ALBERT \(command) \(output) --force; echo $?; cmp copy m/\(file); ls -A . m
        """, in: try Scratch())
      #expect(run.output.hasPrefix("2\n"), "\(run.output)")
      #expect(run.errors.contains("is the source's own file"), "\(run.errors)")
      #expect(!run.output.contains("journal") && !run.output.contains("differ"))
    }
  }

  /// What an option names stays too, also where nothing is read of it.
  @Test(arguments: [
    "convert m c.json", "convert m.albert c.json --to npz", "inspect m.albert --html c.json",
    "run m.albert --output c.json", "diff m m.albert --html c.json",
    "verify m.albert --against m --html c.json", "verify $G --against $G --html c.json",
    "run $G --engine graph --output c.json", "convert m.albert a/adapter_config.json",
  ])
  func whatAnOptionNamesStays(_ command: String) throws {
    let graph = PackageFiles.fixtures.appending("other-graphs/gru.onnx").string
    let run = try Tool.script(
      """
      G='\(graph)'; cp -R "$SAMPLES/tiny-tf1" m; "$ALBERT" convert m m.albert >/dev/null
      cp m/albert_config.json c.json; mkdir a; echo '{}' >a/adapter_config.json
      $ALBERT \(command) --config c.json --adapter a --force; echo $?
      cmp c.json m/albert_config.json; cat a/*
      """, in: try Scratch())
    #expect(run.output == "2\n{}\n", "\(run.output)")
    #expect(run.errors.contains("is the source's own file"), "\(run.errors)")
  }

  @Test(arguments: [
    ("list.txt", "m\tlist.txt", "the output is the source's own file 'list.txt'"),
    (
      "b.albert", "m\tb.albert\nb.albert\tc.albert",
      "the output of 'm' is what the list also reads, as 'b.albert'"
    ),
  ])
  func aListsOutputsAreNotItsInputs(_ file: String, _ lines: String, _ words: String) throws {
    let run = try Tool.script(
      """
      cp -R "$SAMPLES/tiny-tf1" m; "$ALBERT" convert m b.albert >/dev/null
      printf '\(lines)\n' >list.txt; cp \(file) copy
      "$ALBERT" convert --from-list list.txt --into . --force; echo $?; cmp \(file) copy; ls
      """, in: try Scratch())
    #expect(run.output == "2\nb.albert\ncopy\nlist.txt\nm\nstderr\n")
    #expect(run.errors.contains(words), "\(run.errors)")
  }
}
