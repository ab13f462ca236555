import AlbertBytes
import AlbertTestSupport
import SystemPackage
import Testing

/// Every remedy that names an option or a command is followed as it is printed, and works.
@Suite struct RemedyTests {
  /// A message, how it comes about, and how what it advises is followed.
  struct Remedy: CustomTestStringConvertible, Sendable {
    /// What the message advises, as a part of it.
    let words: String
    /// The script that provokes it; `$F` are fixtures, `$A` the tool, and it runs in a folder of its own.
    let provoke: String
    /// The exit code with the message: a refusal's, or 0 and 1 for warnings.
    var status: Int32 = 2
    /// The script that follows it; `$1` is what the message gives for an option's value.
    let follow: String
    /// The option whose value is taken from the message.
    var option = ""

    var testDescription: String { words }
  }

  private static let one = "$F/one"
  private static let bare = "cp $F/one/hf-torch/pytorch_model.bin ."

  /// A head of three outputs whose config says that it scores choices.
  private static let choice =
    "cp $F/readings/unstated-head/pytorch_model.bin .; "
    + "sed s/AlbertForMaskedLM/AlbertForMultipleChoice/ <$F/readings/unstated-head/config.json >config.json; "

  static let all = [
    Remedy(
      words: "take the model without heads with --prefix bert",
      provoke: "$A convert $F/found/tf1-squad2 out.albert",
      follow: "$A convert $F/found/tf1-squad2 out.albert --prefix $1", option: "--prefix"),
    Remedy(
      words: "--prefix albert takes what is an ALBERT's there",
      provoke: "$A convert $F/found/extra-under-prefix out.albert",
      follow: "$A convert $F/found/extra-under-prefix out.albert --prefix $1", option: "--prefix"),
    Remedy(
      words: "take the model without heads with --prefix albert",
      provoke: "$A convert $F/found/sentence-order-of-three out.albert",
      follow: "$A convert $F/found/sentence-order-of-three out.albert --prefix $1",
      option: "--prefix"),
    Remedy(
      words: "take it along with --head sequence_classification or --head",
      provoke: "$A convert $F/found/outer-layer out.albert", status: 0,
      follow: "$A convert $F/found/outer-layer new.albert --head $1", option: "--head"),
    Remedy(
      words: "which holds no weights; name the weights that belong to it",
      provoke: "$A check $F/one/hf-torch/config.json",
      follow: "$A convert $F/one/hf-torch new.albert && $A check new.albert"),
    Remedy(
      words: "say which one with --prefix",
      provoke: "$A inspect $F/one/torch-two-models",
      follow: "$A convert $F/one/torch-two-models out.albert --prefix $1", option: "fits: '"),
    Remedy(
      words: "say so with --tie lm_head.weight",
      provoke: "$A inspect $F/found/tie-accelerate-save_model",
      follow: "$A convert $F/found/tie-accelerate-save_model out.albert --tie $1", option: "--tie"),
    Remedy(
      words: "was not merged into it; state --adapter",
      provoke: "cp $F/adapters/base/* $F/adapters/plain/* .; $A inspect .", status: 0,
      follow: "cp $F/adapters/base/* $F/adapters/plain/* .; "
        + "$A convert . new.albert --adapter $1", option: "--adapter"),
    Remedy(
      words: "with the albert tool's option --budget, if you trust the file",
      provoke: "$A verify $F/../graphs/gelu.onnx --against $F/../graphs/gelu.onnx --budget 1e-7",
      status: 0,
      follow: "$A verify $F/../graphs/gelu.onnx --against $F/../graphs/gelu.onnx --budget 1"),
    Remedy(
      words: "leave --tie out", provoke: "$A inspect $F/one/hf-torch --tie albert.pooler.weight",
      follow: "$A inspect $F/one/hf-torch"),
    Remedy(
      words: "list the tensors with inspect --tensors",
      provoke: "$A inspect $F/one/hf-torch --tie x",
      follow: "$A inspect --tensors $F/one/hf-torch"),
    Remedy(
      words: "state it: --head sequence_classification, or --head",
      provoke: "$A convert $F/readings/unstated-head out.albert", status: 0,
      follow: "$A convert $F/readings/unstated-head new.albert --head $1", option: "--head"),
    Remedy(
      words: "leave out --head, or state the kind that it is",
      provoke: "$A inspect $F/one/hf-safetensors-qa --head multiple_choice", status: 0,
      follow: "$A inspect $F/one/hf-safetensors-qa --head question_answering"),
    Remedy(
      words: "has 3 outputs; leave out --head, or state the kind that it is",
      provoke: "$A convert $F/readings/unstated-head out.albert --head multiple_choice",
      follow: "$A convert $F/readings/unstated-head out.albert --head sequence_classification"),
    Remedy(
      words: "state the kind that it is: --head sequence_classification",
      provoke: choice + "$A convert . out.albert",
      follow: choice + "$A convert . out.albert --head $1", option: "--head"),
    Remedy(
      words: "state one with --tied or --untied",
      provoke: "$A convert $F/readings/untied-decoder out.albert", status: 0,
      follow: "$A convert $F/readings/untied-decoder new.albert --untied"),
    Remedy(
      words: "leave out --untied",
      provoke: "$A convert $F/one/hf-safetensors out.albert --untied",
      follow: "$A convert $F/one/hf-safetensors out.albert"),
    Remedy(
      words: "as a file, and name it with --config",
      provoke: bare + "; $A convert pytorch_model.bin out.albert",
      follow: bare + "; echo \"$1\" > keys.json; $A convert pytorch_model.bin out.albert "
        + "--config keys.json", option: "save "),
    Remedy(
      words: "name the config that belongs to the weights with --config",
      provoke: "$A convert $F/one/tf1 out.albert --config $F/two/tf1/albert_config.json",
      follow: "$A convert $F/one/tf1 out.albert --config $F/one/tf1/albert_config.json"),
    Remedy(
      words: "name the right one with --config",
      provoke: "cp $F/one/tf1/* .; sed 's/\"num_hidden_layers\": [0-9]*/\"num_hidden_layers\": 7/' "
        + "albert_config.json > config.json; $A convert . out.albert", status: 0,
      follow: "$A convert $F/one/tf1 new.albert --config $F/one/tf1/albert_config.json"),
    Remedy(
      words: "or in a copy of it named with --config: gelu_python for what was taken, gelu_new for",
      provoke: "$A convert $F/readings/google-config out.albert", status: 0,
      follow: "sed 's/\"gelu\"/\"gelu_new\"/' $F/readings/google-config/config.json > new.json; "
        + "$A convert $F/readings/google-config new.albert --config new.json"),
    Remedy(
      words: "pass --allow-inexact to write it so",
      provoke: "$A convert $F/found/brightmart-postln out.albert",
      follow: "$A convert $F/found/brightmart-postln out.albert --allow-inexact"),
    Remedy(
      words: "choose another format, or pass --allow-inexact",
      provoke: "$A convert $F/readings/google-config out --to tf-checkpoint",
      follow: "$A convert $F/readings/google-config out.onnx && "
        + "$A convert $F/readings/google-config out --to tf-checkpoint --allow-inexact"),
    Remedy(
      words: "pass --initialize-missing to write such parts",
      provoke: "$A convert $F/one/hf-safetensors-maskedlm out --to tf-checkpoint",
      follow: "$A convert $F/one/hf-safetensors-maskedlm out --to tf-checkpoint "
        + "--initialize-missing"),
    Remedy(
      words: "pass --force to replace it, or name another output",
      provoke: "echo x > out.albert; $A convert $F/one/hf-torch out.albert",
      follow: "echo x > out.albert; $A convert $F/one/hf-torch out.albert --force && "
        + "$A convert $F/one/hf-torch other.albert"),
    Remedy(
      words: "pass --dtype f32, or name another format",
      provoke: "$A convert $F/one/hf-torch out --to tf-checkpoint --dtype f16",
      follow: "$A convert $F/one/hf-torch out --to tf-checkpoint --dtype $1 && "
        + "$A convert $F/one/hf-torch out.albert --dtype f16", option: "--dtype"),
    Remedy(
      words: "keras3-h5 with --to", provoke: "$A convert $F/one/hf-torch out.pkl",
      follow: "$A convert $F/one/hf-torch out.pkl --to npz"),
    Remedy(
      words: "leave out the slash, or name a format that is a folder with --to:",
      provoke: "$A convert $F/one/hf-torch out.onnx/",
      follow: "$A convert $F/one/hf-torch out.onnx && "
        + "$A convert $F/one/hf-torch folder/ --to $1", option: "--to"),
    Remedy(
      words: "a page is one file; leave out the slash",
      provoke: "$A inspect $F/one/hf-torch --html page.html/",
      follow: "$A inspect $F/one/hf-torch --html page.html"),
    Remedy(
      words: "what --output writes is one file; leave out the slash",
      provoke: "$A run $F/one/hf-torch --output out.npz/",
      follow: "$A run $F/one/hf-torch --output out.npz"),
    Remedy(
      words: "a page is one file; name a file in it",
      provoke: "mkdir pages; $A inspect $F/one/hf-torch --html pages/",
      follow: "mkdir pages; $A inspect $F/one/hf-torch --html pages/page.html; e=$?; "
        + "rm -r pages; exit $e"),
    Remedy(
      words: "name another file for the page, or pass --force",
      provoke: "echo x > page.html; $A inspect $F/one/hf-torch --html page.html",
      follow: "echo x > page.html; $A inspect $F/one/hf-torch --html page.html --force && "
        + "$A inspect $F/one/hf-torch --html other.html"),
    Remedy(
      words: "or name their file with --inputs",
      provoke: golden + "verify $F/one/hf-torch --golden bare.npz",
      follow: golden + "verify $F/one/hf-torch --golden bare.npz --inputs out.npz"),
    Remedy(
      words: "leave out --complete where this is as it should be",
      provoke: "$A verify $F/one/hf-torch --against $F/one/hf-safetensors-maskedlm --complete",
      status: 1,
      follow: "$A verify $F/one/hf-torch --against $F/one/hf-safetensors-maskedlm"),
    Remedy(
      words: "look at it with 'albert inspect', or make a native file of it with 'albert convert'",
      provoke: "$A check $F/one/hf-safetensors/model.safetensors",
      follow: "$A inspect $F/one/hf-safetensors/model.safetensors && "
        + "$A convert $F/one/hf-safetensors/model.safetensors out.albert && $A check out.albert"),
    Remedy(
      words: "name one of them instead of the folder",
      provoke: "cp $F/one/hf-torch/pytorch_model.bin a.bin; cp a.bin b.bin; "
        + "cp $F/one/hf-torch/config.json .; $A inspect .",
      follow: "cp $F/one/hf-torch/pytorch_model.bin a.bin; cp $F/one/hf-torch/config.json .; "
        + "$A inspect $1", option: "fits:"),
    Remedy(
      words: "state embedding_size in it if it is this model's",
      provoke: "$A convert $F/found/config-without-embedding_size out.albert", status: 0,
      follow: "sed 's/{/{\"embedding_size\": 128, /' "
        + "$F/found/config-without-embedding_size/albert_config.json > new.json; "
        + "$A convert $F/found/config-without-embedding_size new.albert --config new.json"),
    Remedy(
      words: "state \"ln_type\": \"postln\" in the config, or in a copy of it named with --config",
      provoke: "sed '/ln_type/d; s/\"vocab_size\": 90,/\"vocab_size\": 90/' "
        + "$F/found/brightmart-postln/albert_config.json > silent.json; "
        + "$A convert $F/found/brightmart-postln out.albert --config silent.json --allow-inexact",
      follow: "sed '/ln_type/d; s/{/{\"ln_type\": \"postln\", /; s/\"vocab_size\": 90,/"
        + "\"vocab_size\": 90/' $F/found/brightmart-postln/albert_config.json > stated.json; "
        + "$A convert $F/found/brightmart-postln out.albert --config stated.json --allow-inexact"),
    Remedy(
      words: "expected a file, found a folder; remove it, or name another output",
      provoke: "mkdir out.albert; $A convert $F/one/hf-torch out.albert",
      follow: "mkdir out.albert; $A convert $F/one/hf-torch new.albert && rmdir out.albert && "
        + "$A convert $F/one/hf-torch out.albert"),
    Remedy(
      words: "expected a folder, found a file; remove it, or name another output",
      provoke: "echo x > out; $A convert $F/one/hf-torch out --to huggingface",
      follow: "echo x > out; rm out; $A convert $F/one/hf-torch out --to huggingface"),
    Remedy(
      words: "out.npz: expected a file, found a folder; remove it, or name another output",
      provoke: "mkdir out.npz; $A run $F/one/hf-torch --output out.npz",
      follow: "$A run $F/one/hf-torch --output new.npz"),
    Remedy(
      words: "make the folder first", provoke: "$A convert $F/one/hf-torch new/out.albert",
      follow: "mkdir new; $A convert $F/one/hf-torch new/out.albert"),
    Remedy(
      words: "name another output",
      provoke: "cp $F/one/hf-safetensors/* .; $A convert . model.safetensors --force",
      follow: "cp $F/one/hf-safetensors/* .; $A convert . other.safetensors"),
    Remedy(
      words: "check that the file is complete, or state --tied",
      provoke: "cp $F/one/hf-safetensors/* .; "
        + "sed 's/{/{\"tie_word_embeddings\": false, /' config.json > new.json; "
        + "$A convert . out.albert --config new.json", status: 0,
      follow: "cp $F/one/hf-safetensors/* .; "
        + "sed 's/{/{\"tie_word_embeddings\": false, /' config.json > new.json; "
        + "$A convert . out.albert --config new.json --tied"),
    Remedy(
      words:
        "the compressed member 'model.weights.h5' of the Keras archive is not supported; unpack",
      provoke: compressed + "$A inspect m.keras",
      follow: compressed
        + "unzip m.keras -d m.keras-unpacked && $A convert m.keras-unpacked out.albert"),
    Remedy(
      words: "state embedding_size in it if it is an ALBERT's",
      provoke: bert + "$A inspect config.json",
      follow: bert
        + "sed 's/{/{\"embedding_size\": 8, /' config.json > new.json; $A inspect new.json"),
  ]

  /// A Keras archive whose members were packed again.
  private static let compressed =
    "mkdir k; (cd k; unzip -q $F/one/keras3-maskedlm/masked_lm.keras; zip -q -9 -r ../m.keras .); "

  /// A config of keys that BERT and ALBERT share.
  private static let bert =
    "echo '{\"hidden_size\": 8, \"num_attention_heads\": 2, \"num_hidden_layers\": 2, "
    + "\"vocab_size\": 9, \"intermediate_size\": 8, \"hidden_act\": \"gelu\"}' > config.json; "

  /// Recorded outputs without their inputs, and a file with both.
  private static let golden =
    "$A run $F/one/hf-torch --output out.npz --engine reference; cp out.npz bare.npz; "
    + "zip -q -d bare.npz input_ids.npy attention_mask.npy token_type_ids.npy; $A "

  private static let fixtures = PackageFiles.fixtures.appending("publishers")

  private func run(_ script: String, _ value: String, in scratch: borrowing Scratch) throws
    -> Tool.Run
  {
    try Tool.shell(
      "cd \"$d\"; A=$albert F='\(Self.fixtures.string)' sh -c '\(script.replacing("'", with: "'\\''"))' "
        + "follow '\(value)'", in: scratch)
  }

  /// Whether this machine has the programs that pack and unpack.
  private static let packs = ["zip", "unzip", "bzip2", "xz"].allSatisfy { program in
    ["/usr/bin", "/bin", "/usr/local/bin"].contains { folder in
      (try? FilePath(folder).appending(program).stat()) != nil
    }
  }

  @Test(arguments: all) func works(_ remedy: Remedy) throws {
    if remedy.provoke.contains("zip -q"), !Self.packs { return }
    let scratch = try Scratch()
    let provoked = try run(remedy.provoke, "", in: scratch)
    #expect(provoked.status == remedy.status, "\(provoked.errors)")
    let text = provoked.output + provoked.errors
    #expect(text.contains(remedy.words), "\(text)")
    let value = remedy.option.isEmpty ? "" : Self.value(of: remedy.option, in: text)
    let other = try Scratch()
    let followed = try run(remedy.follow, value, in: other)
    #expect(followed.status == 0, "\(value): \(followed.errors)")
    #expect(!(followed.output + followed.errors).contains(remedy.words), "\(followed.errors)")
  }

  /// What follows an option, or another mark, in a message, where it says it last.
  private static func value(of option: String, in text: String) -> String {
    guard let line = text.split(separator: "\n").last(where: { $0.contains(option) }),
      let start = line.firstRange(of: option)?.upperBound
    else { return "" }
    let rest = line[start...].drop { $0 == " " || $0 == "'" || $0 == ":" }
    if rest.hasPrefix("{") { return String(rest.prefix { $0 != "}" }) + "}" }
    return String(rest.prefix { !" ,;'".contains($0) })
  }

  /// Archives are unpacked by the printed command, from wherever the tool is started.
  @Test(
    .enabled(if: packs),
    arguments: [
      ("zip -q -r pack.zip model", "pack.zip"), ("zip -q -j pack.zip model/*", "pack.zip"),
      ("tar czf pack.tar.gz model", "pack.tar.gz"), ("tar czf pack.tgz -C model .", "pack.tgz"),
      ("tar cf pack.tar model", "pack.tar"), ("tar cjf pack.tar.bz2 model", "pack.tar.bz2"),
      ("tar cJf pack.tar.xz model", "pack.tar.xz"), ("zip -q -r 'a b.zip' model", "a b.zip"),
      (
        "gzip -c model/pytorch_model.bin > model/weights.bin.gz; mv model/config.json here.json; "
          + "rm model/*.bin; mv here.json model/config.json", "model/weights.bin.gz"
      ),
    ]) func archivesAreUnpackedAsPrinted(_ pack: String, _ name: String) throws
  {
    let scratch = try Scratch()
    let run = try Tool.shell(
      """
      cd "$d"; mkdir work work/model; cp '\(Self.fixtures.string)'/one/hf-torch/* work/model
      (cd work; \(pack); [ "\(name)" = model/weights.bin.gz ] || rm -r model)
      said=$("$albert" inspect "work/\(name)" 2>&1); echo "$said"
      command=$(echo "$said" | sed "s/.*unpack it with '\\(.*\\)' first and name .*/\\1/")
      target=$(echo "$said" | sed "s/.* first and name //")
      sh -c "$command" && eval set -- $target && "$albert" convert "$1" out.albert && "$albert" check out.albert
      e=$?; rm -r work; exit $e
      """, in: scratch)
    #expect(run.status == 0, "\(run.output) \(run.errors)")
  }

  /// No message advises an option that no test follows.
  @Test func everyOptionThatIsAdvisedIsFollowed() throws {
    let followed = Self.all.map { $0.words + " " + $0.follow }.joined(separator: " ")
    // Followed in tests of their own, a state of the machine, or of other programs and style sheets.
    let elsewhere = [
      "--require-sandbox", "--golden", "--json", "--verbose", "--zstd", "--map", "--recursive",
      "--hue",
    ]
    for file in try Self.sources(PackageFiles.root.appending("Sources")) {
      let text = String(decoding: try SourceFile(file).bytes(), as: UTF8.self)
      for line in text.split(separator: "\n")
      where line.contains("\"") && !line.drop(while: { $0 == " " }).hasPrefix("//") {
        for word in line.split(whereSeparator: { !($0.isLetter || $0 == "-") })
        where word.hasPrefix("--") && word.count > 3 {
          #expect(
            followed.contains(word) || elsewhere.contains(String(word)),
            "\(word) in \(file.string)")
        }
      }
    }
  }

  /// The library's sources, which word remedies; the tool's own are help.
  private static func sources(_ folder: FilePath) throws -> [FilePath] {
    try Folder.names(in: folder).flatMap { name -> [FilePath] in
      let path = folder.appending(name)
      if try path.stat().type == .directory {
        return name == "albert" ? [] : try sources(path)
      }
      return path.extension == "swift" ? [path] : []
    }
  }
}

extension SourceFile {
  /// All bytes.
  fileprivate func bytes() throws -> [UInt8] { try bytes(at: 0, count: size) }
}
