import AlbertTestSupport
import Testing

/// What the tool says of words and paths that are not what was meant, and that its advice works.
@Suite struct WordingTests {
  private func script(_ script: String, in scratch: Scratch) throws -> Tool.Run {
    try Tool.script("unset HF_HUB_CACHE HUGGINGFACE_HUB_CACHE; " + script, in: scratch)
  }

  @Test(arguments: [
    ("inpect", "inspect"), ("convret", "convert"), ("Verify", "verify"), ("chek", "check"),
    ("variant", "variants"), ("rnu", "run"), ("hlep", "help"),
  ]) func aMistypedCommandSuggestsTheNearest(_ word: String, _ command: String) throws {
    let run = try Tool.run(word, "x", in: try Scratch())
    #expect(run.status == 64)
    #expect(run.errors.contains("'\(word)' is no command; did you mean '\(command)'?"))
  }

  @Test func anotherWordSuggestsNone() throws {
    let run = try Tool.run("quantize", "x", in: try Scratch())
    #expect(run.status == 64)
    #expect(
      run.errors.contains("'quantize' is no command; it is one of inspect, variants, convert"))
    #expect(try Tool.run("help", "inspect", in: try Scratch()).status == 0)
  }

  @Test func sharedSetsAreCountedAlikeEverywhere() throws {
    let scratch = try Scratch()
    let two = PackageFiles.root.appending("Tests/Fixtures/publishers/two/hf-torch").string
    let run = try Tool.run(
      "inspect", two, "--html", scratch.path("a.html").string, in: scratch)
    let text = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("4 layers, 2 sets of 2 inner layers, 2 heads of 6"))
    let sentence = "4 layers use 2 sets of 2 inner layers: "
    #expect(text.contains(sentence))
    #expect(try scratch.text("a.html").contains(sentence))
  }

  @Test func aFolderWithOnlyAConfigIsTheConfig() throws {
    let scratch = try Scratch()
    let run = try script(
      """
      mkdir c && cp "$SAMPLES/tiny-tf1/albert_config.json" c &&
      "$ALBERT" inspect c --json >folder && "$ALBERT" inspect c/albert_config.json --json >file &&
      sed 's|c/albert_config.json|c|' file | cmp - folder && echo same
      "$ALBERT" convert c out.albert; echo $?; "$ALBERT" convert c/albert_config.json out.albert; echo $?
      """, in: scratch)
    #expect(run.output == "same\n2\n2\n", "\(run.output) \(run.errors)")
    #expect(
      run.errors.contains(
        "c: a checkpoint in this folder, which holds a config ('albert_config.json') but no weights, "
          + "is missing"))
    #expect(
      run.errors.contains(
        "c/albert_config.json: this is JSON text, such as a config, which holds no weights"))
  }

  @Test func checkSaysWhatIsNoNativeFile() throws {
    let scratch = try Scratch()
    let run = try script(
      """
      "$ALBERT" convert "$SAMPLES/tiny-tf1" m.safetensors >log || exit
      "$ALBERT" check m.safetensors; echo $?
      "$ALBERT" inspect m.safetensors >log && "$ALBERT" convert m.safetensors m.albert \
        --config "$SAMPLES/tiny-tf1/albert_config.json" >log && "$ALBERT" check m.albert >log; echo $?
      """, in: scratch)
    #expect(run.output == "2\n0\n", "\(run.output) \(run.errors)")
    #expect(
      run.errors.contains(
        "m.safetensors: this is no native file (its format is safetensors), so that it states no "
          + "digests to check; look at it with 'albert inspect', or make a native file of it with "
          + "'albert convert'"))
  }

  @Test(arguments: ["out.pkl", "out.json", "out.pdparams", "m.data-00000-of-00001", "out.tar.gz"])
  func nativeFilesBearNoOtherFormatsName(_ name: String) throws {
    let scratch = try Scratch()
    let run = try script(
      "\"$ALBERT\" convert \"$SAMPLES/tiny-tf1\" \(name); echo $?; ls", in: scratch)
    #expect(run.output == "2\nstderr\n")
    #expect(run.errors.contains("writing the format that its ending promises is not supported"))
  }

  @Test func aSlashAtTheEndMeansAFolder() throws {
    let scratch = try Scratch()
    let run = try script(
      """
      "$ALBERT" convert "$SAMPLES/tiny-tf1" out/; echo $?
      "$ALBERT" convert "$SAMPLES/tiny-tf1" out.safetensors/ --to pytorch >log; echo $?
      ls out.safetensors; mkdir there; "$ALBERT" convert "$SAMPLES/tiny-tf1" there/; echo $?
      "$ALBERT" convert "$SAMPLES/tiny-tf1" there/model.albert >log; echo $?
      "$ALBERT" convert "$SAMPLES/tiny-tf1" out >log; echo $?; test -f out && echo file
      """, in: scratch)
    #expect(run.output.hasPrefix("2\n0\nconfig.json\npytorch_model.bin\n"), "\(run.output)")
    #expect(run.output.hasSuffix("2\n0\n0\nfile\n"), "\(run.output) \(run.errors)")
    #expect(
      run.errors.contains(
        "out/: the slash at the end means a folder, and"), "\(run.errors)")
    #expect(run.errors.contains("leave out the slash, or name a format that is a folder with --to"))
    #expect(run.errors.contains("name a file in it, such as there/model.albert"))
  }

  @Test func theHubsCacheIsAskedAndNothingIsDownloaded() throws {
    let scratch = try Scratch()
    let run = try script(
      """
      m=home/hub/models--org--name; mkdir -p $m/snapshots/abc $m/refs
      cp "$SAMPLES"/tiny-tf1/* $m/snapshots/abc; printf abc >$m/refs/main
      HF_HOME=home "$ALBERT" inspect org/name >log; echo $?
      HF_HUB_CACHE=home/hub "$ALBERT" convert org/name m.albert >log; echo $?
      HF_HOME=home "$ALBERT" inspect org/other; echo $?
      HF_HOME=home "$ALBERT" inspect 'https://huggingface.co/org/name/blob/main/a.bin?x=1'; echo $?
      HF_HOME=home "$ALBERT" inspect https://example.org/albert.tar.gz; echo $?
      for address in albert-base-v2 s3://bucket/m gs://albert_models/m file:///models/m \
        https://tfhub.dev/google/albert_base/3; do "$ALBERT" inspect $address; echo $?; done
      ln -s nowhere $m/snapshots/abc/model.safetensors
      rm $m/snapshots/abc/model.ckpt*; HF_HOME=home "$ALBERT" inspect org/name; echo $?
      """, in: scratch)
    #expect(
      run.output == "0\n0\n" + String(repeating: "2\n", count: 9), "\(run.output) \(run.errors)")
    #expect(run.errors.contains("of the snapshot 'abc' of the Hub's cache"))
    for words in [
      "org/other: there is no such file or folder; check the path; if a model of the Hugging Face Hub "
        + "is meant, it is not in the local cache, and nothing is downloaded here: run 'hf download "
        + "org/other', then name it again",
      "https://huggingface.co/org/name/blob/main/a.bin?x=1: this is an address on the network, and "
        + "nothing is downloaded here; run 'hf download org/name a.bin', then name org/name",
      "run \"curl -LO 'https://example.org/albert.tar.gz'\", then name the file",
      "run 'hf download albert-base-v2', then name it again",
      "s3://bucket/m: this is an address on the network, and nothing is downloaded here; run \"aws s3 cp "
        + "--recursive 's3://bucket/m' model\", then name what it copied",
      "run \"gcloud storage cp -r 'gs://albert_models/m' .\", then name what it copied",
      "file://models/m: this is an address, and files are named by their paths here; name /models/m",
      "run \"curl -L 'https://tfhub.dev/google/albert_base/3?tf-hub-format=compressed' -o module.tar.gz\", "
        + "then name that file",
      "run 'hf download org/name'\n",
    ] {
      #expect(run.errors.contains(words), "\(run.errors)")
    }
  }
}
