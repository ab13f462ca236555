import AlbertBytes
import AlbertJSON
import AlbertTestSupport
import SystemPackage
import Testing

/// Models that can be read in two ways, as the commands meet them: the remedies that are told work.
@Suite struct ReadingsCommandTests {
  private static let folder = PackageFiles.root.appending(
    "Tests/Fixtures/publishers/readings")

  private func path(_ name: String) -> String { Self.folder.appending(name).string }

  private func codes(_ document: JSONValue) -> [String] {
    (document["findings"]?.elements ?? []).compactMap { $0["code"]?.string }
  }

  @Test func googlesConfigBesideHuggingFacesWeightsComputesTheExactForm() throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      "verify", path("google-config"), "--golden", path("google-config-golden.npz"), "--json",
      in: scratch)
    #expect(run.status == 0)
    let document = try run.json
    #expect(try SchemaValidator("verify").violations(document) == [])
    #expect(codes(document).contains("activation-dialect"))
  }

  /// brightmart's own code, recorded in float64: only the product's rounding to float32 is between them, of
  /// which what was converted knows no more.
  @Test func brightmartsArchitectureComputesWhatItsCodeComputes() throws {
    let scratch = try Scratch()
    let model = PackageFiles.fixtures.appending("publishers/found/brightmart-postln").string
    let written = try Tool.run(
      "convert", model, scratch.path("b.albert").string, "--allow-inexact", in: scratch)
    #expect(written.status == 0)
    for subject in [model, scratch.path("b.albert").string] {
      let run = try Tool.run(
        ["verify", subject, "--golden", path("brightmart-golden.npz"), "--json"]
          + (subject == model ? [] : ["--tolerance", "1e-6"]), in: scratch)
      #expect(run.status == 0)
      let errors = try run.json["stages"]?.elements?.compactMap { $0["max_abs"]?.double } ?? []
      #expect(errors.count >= 18)
      #expect(errors.allSatisfy { $0 < 1e-6 })
    }
  }

  /// bert4keras 0.11.5 with Keras 2.3.1 and TensorFlow 1.15.5, which numbers layers from 1 on.
  @Test func bert4kerasByKerasItselfComputesWhatItComputed() throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      "verify", path("bert4keras-keras2"), "--golden", path("bert4keras-keras2-golden.npz"),
      in: scratch)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
  }

  /// bert4keras 0.11.5 with Keras 2.15: a checkpoint of TensorFlow's objects after a step of training, with a
  /// layer of the user's own, and one of layers that share nothing.
  @Test(arguments: ["bert4keras-checkpoint", "bert4keras-unshared"])
  func bert4kerasComputesWhatItComputed(_ name: String) throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      "verify", path(name), "--golden", path(name + "-golden.npz"), "--json", in: scratch)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let inspected = try Tool.run("inspect", path(name), "--json", in: scratch).json
    #expect(inspected["upstream"]?.string == "bert4keras")
    let isShared = name == "bert4keras-checkpoint"
    #expect(inspected["config"]?["num_hidden_groups"]?.integer == (isShared ? 1 : 2))
    #expect(inspected["parameters"]?["optimizer"]?.integer == (isShared ? 1630 : 0))
    let written = try Tool.run(
      "convert", path(name), scratch.path("out").string, "--to", "huggingface", in: scratch)
    #expect(written.status == 0, "\(written.errors)")
  }

  /// bert4keras 0.11.5 with Keras and TensorFlow 2.12.1; what the remedy makes is a checkpoint as
  /// `bert4keras-checkpoint`.
  @Test func bert4kerasLayersWithoutNamesAreNamed() throws {
    let scratch = try Scratch()
    let run = try Tool.run("convert", path("bert4keras-keras212"), "model.onnx", in: scratch)
    #expect(run.status == 2)
    #expect(
      run.errors.contains(
        "these are bert4keras' layers, which Keras 2.12's .weights.h5 numbers by their classes alone, so that "
          + "its pooler and its head are not told apart; load the file with bert4keras, save it with "
          + "save_weights('best_model.weights') as a checkpoint of TensorFlow, and convert that"),
      "\(run.errors)")
  }

  /// bert-for-tf2 0.14.9 with TensorFlow 2.15.1: a checkpoint of a user's model after a step of training, around
  /// an ALBERT whose projection was made without a bias.
  @Test func bertForTF2sCheckpointComputesWhatItComputed() throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      "verify", path("bert-for-tf2-checkpoint"), "--golden",
      path("bert-for-tf2-checkpoint-golden.npz"), in: scratch)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let inspected = try Tool.run("inspect", path("bert-for-tf2-checkpoint"), "--json", in: scratch)
      .json
    #expect(inspected["upstream"]?.string == "bert-for-tf2")
    #expect(codes(inspected).contains("surrounding"))
  }

  /// A user's own `logits` over each token, around KerasHub's backbone: both readings are told, and what states
  /// the other computes what Keras computed.
  @Test func aUsersLogitsAroundKerasHubsBackboneAreDoubted() throws {
    let scratch = try Scratch()
    let model = path("keras3-users-logits")
    let inspected = try Tool.run("inspect", model, in: scratch)
    #expect(inspected.status == 0)
    let doubt = """
      warning: 'layers/dense/vars/0' [8, 3] was taken for the classifier of KerasHub's classes, over the \
      pooler's outputs; no name that is read here shows their task (output_dropout, albert_text_classifier), so \
      that it may be a layer of a user's own, over other outputs; state --head sequence_classification if it is over the pooler's, \
      --head token_classification for that kind; --prefix layers/albert_backbone leaves it out
      """
    #expect(inspected.output.contains(doubt), "\(inspected.output)")
    let run = try Tool.run(
      "verify", model, "--golden", path("keras3-users-logits-golden.npz"), "--head",
      "token_classification", "--json", in: scratch)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(try !codes(run.json).contains("head-guessed"))
    let bare = try Tool.run(
      "inspect", model, "--prefix", "layers/albert_backbone", "--json", in: scratch)
    #expect(bare.status == 0)
    #expect(try bare.json["heads"]?.elements?.isEmpty == true)
    // Its own task is known, and what is written here as one.
    let own = PackageFiles.fixtures.appending("publishers/one/keras3-classifier").string
    for name in ["preset", "task.weights.h5"] {
      let to = ["--to", "keras3-h5", "--no-verify"]
      let written = try Tool.run(["convert", own, scratch.path(name).string] + to, in: scratch)
      #expect(written.status == 0, "\(written.errors)")
    }
    for path in [own, scratch.path("preset").string, scratch.path("task.weights.h5").string] {
      let run = try Tool.run("inspect", path, "--json", in: scratch)
      #expect(try !codes(run.json).contains("head-guessed"), "\(path)")
    }
  }

  /// A checkpoint of a model that keeps its optimizer, whose variables are called like the model's, and a SavedModel
  /// of Keras 3 that has the model's own variables among the optimizer's.
  @Test(arguments: [("kerasnlp-classifier-trained", 2758), ("keras3-classifier-trained", 1696)])
  func anOptimizersVariablesAreNoModel(_ name: String, _ numbers: Int) throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      "verify", path(name), "--golden", path(name + "-golden.npz"), in: scratch)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let inspected = try Tool.run("inspect", path(name), "--json", in: scratch).json
    #expect(inspected["parameters"]?["optimizer"]?.integer == numbers)
    #expect(!codes(inspected).contains("surrounding"))
  }

  /// In TensorFlow's checkpoints the classifier's path says that it is KerasHub's own task's; of a user's layer the
  /// doubt names no place, since the names that are read are the variables' own.
  @Test func kerasHubsOwnTaskIsKnownInCheckpoints() throws {
    let scratch = try Scratch()
    let own = path("keras3-classifier-checkpoint")
    let run = try Tool.run(
      "verify", own, "--golden", path("keras3-classifier-checkpoint-golden.npz"), "--json",
      in: scratch)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(try !codes(run.json).contains("head-guessed"))
    let users = path("keras3-users-logits-checkpoint")
    let inspected = try Tool.run("inspect", users, in: scratch)
    let doubt = """
      over the pooler's outputs, though the file has no pooler; no name that is read here shows their task \
      (output_dropout, albert_text_classifier), so that it may be a layer of a user's own, over other outputs; \
      state --head sequence_classification if it is over the pooler's, --head token_classification for that kind

      """
    #expect(inspected.output.contains(doubt), "\(inspected.output)")
    let stated = try Tool.run(
      "verify", users, "--golden", path("keras3-users-logits-checkpoint-golden.npz"), "--head",
      "token_classification", in: scratch)
    #expect(stated.status == 0, "\(stated.output)\(stated.errors)")
  }

  /// KerasNLP 0.5.2 with Keras 2.12.1, 0.6.1 and 0.6.4 with 2.15: the numbers and their places are
  /// right where it computed the same.
  @Test(arguments: [
    "kerasnlp-backbone", "kerasnlp-checkpoint", "kerasnlp-masked-lm", "kerasnlp-classifier",
    "kerasnlp-masked-lm-keras213", "kerasnlp-classifier-keras213", "kerasnlp-masked-lm-later",
  ]) func kerasNLPComputesWhatItComputed(_ name: String) throws {
    let scratch = try Scratch()
    var arguments = ["verify", path(name), "--golden", path(name + "-golden.npz"), "--json"]
    // A whole model's file in HDF5 keeps its description, of which no config of an ALBERT is read.
    if name == "kerasnlp-classifier" {
      arguments += ["--config", path("kerasnlp-backbone") + "/config.json"]
    }
    let run = try Tool.run(arguments, in: scratch)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let inspected = try Tool.run("inspect", path(name), "--json", in: scratch).json
    #expect(inspected["upstream"]?.string == "keras-hub")
    #expect(inspected["config"]?["num_hidden_groups"]?.integer == 2)
  }

  /// albert_pytorch does not compute with its projection where E = H, and adds 0.1 before the classifier: the
  /// first is left out, the second is what the remedy says.
  @Test func albertPyTorchsSquareModelComputesWhatItsCodeComputes() throws {
    let scratch = try Scratch()
    let (model, golden) = (path("albert-pytorch-square"), path("albert-pytorch-square-golden.npz"))
    let run = try Tool.run(
      "verify", model, "--golden", golden, "--head", "sequence_classification", "--json",
      in: scratch)
    let document = try run.json
    #expect(run.status == 1)
    #expect(codes(document).contains("projection-unused"))
    let passed = try #require(document["stages"]?.elements).filter {
      $0["result"]?.string == "pass"
    }
    #expect(
      Set(passed.compactMap { $0["name"]?.string }) == ["last_hidden_state", "pooler_output"])
    #expect(
      run.errors.contains(
        "if it adds it, put that into the bias in PyTorch, and save the weights again: "
          + "w['classifier.bias'] += 0.1 * w['classifier.weight'].sum(1)"))
    let diagnosis = try #require(document["diagnosis"]?.elements)
    #expect(diagnosis.map { $0["code"]?.string } == ["publisher-differs"])
    #expect(try SchemaValidator("verify").violations(document) == [])
    #expect(
      diagnosis.first?["message"]?.string
        == "the golden file was computed by lonePatient/albert_pytorch's own code, with 0.1 added to each "
        + "of the pooler's outputs before the classifier, as it does since January 2020; computed so, the "
        + "subject's weights give what was recorded; put that into the bias in PyTorch, and save the "
        + "weights again: w['classifier.bias'] += 0.1 * w['classifier.weight'].sum(1)")
  }

  /// With the bias that the remedy makes in Float32, the model passes beside what Float32 recorded.
  @Test func albertPyTorchsBiasWithTheOffsetPasses() throws {
    let scratch = try Scratch()
    let written = scratch.path("model.safetensors").string
    let head = "sequence_classification"
    let converted = try Tool.run(
      "convert", path("albert-pytorch-square"), written, "--head", head, in: scratch)
    #expect(converted.status == 0, "\(converted.errors)")
    let file = try SourceFile(FilePath(written))
    var bytes = try file.bytes(at: 0, count: file.size)
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let header = try JSONValue.parse(Array(bytes[8..<8 + length]), path: written)
    func range(_ name: String) throws -> Range<Int> {
      let elements = try #require(header[name]?["data_offsets"]?.elements)
      let offsets = elements.compactMap(\.integer)
      return 8 + length + Int(offsets[0])..<8 + length + Int(offsets[1])
    }
    func floats(_ range: Range<Int>) -> [Float] {
      stride(from: range.lowerBound, to: range.upperBound, by: 4).map { place in
        Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * $1) })
      }
    }
    let (bias, weight) = (try range("classifier.bias"), try range("classifier.weight"))
    let (values, matrix) = (floats(bias), floats(weight))
    let width = matrix.count / values.count
    for (label, value) in values.enumerated() {
      let sum = matrix[label * width..<(label + 1) * width].reduce(0, +)
      let bits = (value + 0.1 * sum).bitPattern
      for byte in 0..<4 {
        bytes[bias.lowerBound + 4 * label + byte] = UInt8(truncatingIfNeeded: bits >> (8 * byte))
      }
    }
    let mended = try scratch.write("mended.safetensors", bytes).string
    // What was recorded in float64 is off by the rounding of the new bias, as any float32 bias is.
    let run = try Tool.run(
      "verify", mended, "--golden", path("albert-pytorch-square-golden.npz"), "--tolerance", "1e-6",
      "--engine", "reference", "--head", head, in: scratch)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let before = try Tool.run(
      "verify", written, "--golden", path("albert-pytorch-square-golden.npz"), "--tolerance",
      "1e-6",
      "--engine", "reference", "--head", head, in: scratch)
    #expect(before.status == 1)
  }

  /// Where nothing but a guess of the head is in the way, every report says so and how to state it.
  @Test func reportsPointToTheGuessThatMayExplainADifference() throws {
    let scratch = try Scratch()
    let (model, golden) = (path("unstated-head"), path("unstated-head-golden.npz"))
    let files = ["a.md", "a.html", "a.xml"].map { scratch.path($0).string }
    let run = try Tool.run(
      ["verify", model, "--golden", golden, "-q"] + files.flatMap { ["--report", $0] },
      in: scratch)
    #expect(run.status == 1)
    let texts = try [run.output] + ["a.md", "a.html", "a.xml"].map { try scratch.text($0) }
    for text in texts {
      let words = text.split { $0.isWhitespace }.joined(separator: " ")
        .replacing("&#58;", with: ":").replacing("&#95;", with: "_")
      #expect(words.contains("ead-kind may explain the difference: the recorded logits"))
      #expect(words.contains("state it with --head token_classification"))
      #expect(!words.contains("no known defect"))
      #expect(!words.contains("head-guessed may explain"))
    }
  }

  @Test func aHeadThatIsNotTheRecordingsIsNamedAndCanBeStated() throws {
    let scratch = try Scratch()
    let (model, golden) = (path("unstated-head"), path("unstated-head-golden.npz"))
    let guessed = try Tool.run("verify", model, "--golden", golden, "--json", in: scratch)
    #expect(guessed.status == 1)
    #expect(codes(try guessed.json).contains("head-kind"))
    #expect(guessed.errors.contains("state it with --head token_classification"))
    let stated = try Tool.run(
      "verify", model, "--golden", golden, "--head", "token_classification", in: scratch)
    #expect(stated.status == 0)
    #expect(stated.errors == "")
    let inspected = try Tool.run(
      "inspect", model, "--head", "token_classification", "--json", in: scratch)
    #expect(try SchemaValidator("inspect").violations(inspected.json) == [])
    #expect(
      try inspected.json["heads"]?.elements?.compactMap(\.string) == ["token_classification"])
    let unknown = try Tool.run("inspect", model, "--head", "tokens", in: scratch)
    #expect(unknown.status == 64)
  }

  @Test(arguments: [("head.albert", "native"), ("head", "huggingface"), ("head.onnx", "onnx")])
  func exportsKeepAStatedHead(_ name: String, _ format: String) throws {
    let scratch = try Scratch()
    // Only what a test writes at its folder's top is removed with it.
    let output = format == "huggingface" ? "head" : name
    let written = try Tool.run(
      "convert", path("unstated-head"), scratch.path(output).string, "--to", format, "--head",
      "token_classification", in: scratch)
    #expect(written.status == 0)
    let verified = try Tool.run(
      "verify", scratch.path(output).string, "--golden", path("unstated-head-golden.npz"),
      in: scratch)
    #expect(verified.status == 0)
    #expect(!verified.errors.contains("head"))
  }

  @Test func theOtherDecoderIsTriedAndNamed() throws {
    let scratch = try Scratch()
    let (model, golden) = (path("untied-decoder"), path("untied-decoder-golden.npz"))
    let tied = try Tool.run("verify", model, "--golden", golden, "--json", in: scratch)
    #expect(tied.status == 1)
    let document = try tied.json
    #expect(try SchemaValidator("verify").violations(document) == [])
    let diagnosis = try #require(document["diagnosis"]?.elements)
    #expect(diagnosis.map { $0["code"]?.string } == ["untied-decoder"])
    #expect(diagnosis.first?["parameter"]?.string == "predictions.decoder.weight")
    #expect(diagnosis.first?["explains"]?.double ?? 0 > 0.999)
    #expect(codes(document).contains("decoder-differs"))
    for model in [model, try convert("--untied", "untied.albert", scratch)] {
      let options = model.hasSuffix(".albert") ? "--engine=both" : "--untied"
      let untied = try Tool.run("verify", model, "--golden", golden, options, in: scratch)
      #expect(untied.status == 0, "\(untied.output)")
      #expect(untied.errors == "")
    }
  }

  private func convert(
    _ option: String, _ name: String, _ scratch: borrowing Scratch
  ) throws -> String {
    let output = scratch.path(name).string
    let run = try Tool.run("convert", path("untied-decoder"), output, option, in: scratch)
    #expect(run.status == 0)
    return output
  }

  @Test func bothReadingsConvert() throws {
    let scratch = try Scratch()
    let tied = try convert("--tied", "tied.albert", scratch)
    let untied = try convert("--untied", "untied.albert", scratch)
    for (file, reading, count) in [(tied, "tied", 13106), (untied, "untied", 14642)] {
      let run = try Tool.run("inspect", file, "--json", in: scratch)
      #expect(try SchemaValidator("inspect").violations(run.json) == [])
      #expect(try run.json["decoder"]?.string == reading)
      #expect(try run.json["parameters"]?["unique"]?.integer == count)
    }
    let compared = try Tool.run("verify", tied, "--against", untied, "--json", in: scratch)
    #expect(compared.status == 1)
    #expect(
      try compared.json["diagnosis"]?.elements?.first?["code"]?.string == "untied-decoder")
    // Without a word the tied reading is written, with the warning.
    let silent = try Tool.run(
      "convert", path("untied-decoder"), scratch.path("silent.albert").string, in: scratch)
    #expect(silent.status == 0)
    #expect(silent.errors.contains("--tied or --untied"))
    // A flag that contradicts a native file is an error.
    #expect(
      try Tool.run("inspect", tied, "--untied", "--json", in: scratch).output.contains(
        "decoder-mismatch"))
    #expect(try Tool.run("verify", tied, "--against", tied, "--untied", in: scratch).status == 2)
  }

  @Test func modelsWhoseStoredDecodersDifferDoNotPass() throws {
    let scratch = try Scratch()
    // The same weights without any decoder of their own: told, since the readings agree.
    let tied = try convert("--tied", "tied.albert", scratch)
    let one = try Tool.run(
      "verify", path("untied-decoder"), "--against", tied, "--json", in: scratch)
    #expect(one.status == 0)
    #expect(codes(try one.json).contains("only-in-subject"))
    let complete = try Tool.run(
      "verify", path("untied-decoder"), "--against", tied, "--complete", in: scratch)
    #expect(complete.status == 1)
  }

  @Test func modelsThatDifferInUnusedDecodersAloneDoNotPass() throws {
    let scratch = try Scratch()
    let one = try convert("--untied", "one.safetensors", scratch)
    let header = try SourceFile(FilePath(one))
    var bytes = try header.bytes(at: 0, count: header.size)
    let text = try JSONValue.parse(
      Array(bytes[8..<8 + Int(bytes[0]) + Int(bytes[1]) << 8]), path: one)
    let range = try #require(text["predictions.decoder.weight"]?["data_offsets"]?.elements)
    let start = try #require(range.first?.integer)
    let place = 8 + Int(bytes[0]) + Int(bytes[1]) << 8 + Int(start)
    bytes[place + 2] ^= 0x7F
    let other = try scratch.write("other.safetensors", bytes).string
    let config = path("untied-decoder") + "/config.json"
    let options = ["verify", one, "--against", other, "--config", config]
    let tied = try Tool.run(options + ["--tied", "--json"], in: scratch)
    #expect(tied.status == 1)
    #expect(try SchemaValidator("verify").violations(tied.json) == [])
    #expect(codes(try tied.json).contains("stored-decoders-differ"))
    #expect(tied.errors.contains("state --untied"))
    let untied = try Tool.run(options + ["--untied", "--json"], in: scratch)
    #expect(untied.status == 1)
    let same = try Tool.run("verify", one, "--against", one, "--config", config, in: scratch)
    #expect(same.status == 0)
  }

  /// A config is another file's too where it says the same of it: not where a mere `gelu` is the other form
  /// for who reads these names, nor where the sizes are others.
  @Test(arguments: [
    ("tiny-a/hf", "tiny-a/hf", true), ("publishers/one/tf1", "publishers/one/tf1", false),
    ("tiny-a/hf", "publishers/two/hf-torch", false),
  ])
  func theOtherSidesConfigIsOfferedWhereItIsRight(
    _ source: String, _ reference: String, _ isOffered: Bool
  ) throws {
    let scratch = try Scratch()
    let other = PackageFiles.fixtures.pushing(FilePath(reference)).string
    let alone = scratch.path("alone.npz").string
    let written = try Tool.run(
      "convert", PackageFiles.fixtures.pushing(FilePath(source)).string, alone, "--allow-inexact",
      in: scratch)
    #expect(written.status == 0)
    let offer =
      "if it is a copy of '\(other)', name that one's config '\(other)/config.json' with --config; else save {"
    for sides in [[alone, "--against", other], [other, "--against", alone]] {
      let run = try Tool.run(["verify"] + sides, in: scratch)
      #expect(run.status == 2)
      #expect(run.errors.contains(offer) == isOffered, "\(run.errors)")
      #expect(run.errors.contains(isOffered ? offer : "hidden_act; save {"), "\(run.errors)")
      guard isOffered else { continue }
      let stated = try Tool.run(
        ["verify"] + sides + ["--config", "\(other)/config.json"], in: scratch)
      #expect(stated.status == 0, "\(stated.output)")
    }
  }

  @Test(arguments: ["inspect", "convert"]) func aGraphThatComputesSomethingElseSaysSo(
    _ command: String
  ) throws {
    let scratch = try Scratch()
    let model = path("int8-per-channel")
    let output = scratch.path("m.albert").string
    let run =
      command == "inspect"
      ? try Tool.run("inspect", model, in: scratch)
      : try Tool.run("convert", model, output, in: scratch)
    #expect(run.status == 0)
    let text = run.output + run.errors
    #expect(text.contains("the graph rounds activations to integers"))
    #expect(!text.contains("the model around it"))
    guard command == "convert" else { return }
    let verified = try Tool.run("verify", model, "--against", output, "--json", in: scratch)
    #expect(verified.status == 0)
    #expect(codes(try verified.json).contains("activations-quantized"))
  }
}
