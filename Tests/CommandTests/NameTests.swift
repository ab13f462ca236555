import AlbertBytes
import AlbertJSON
import AlbertTestSupport
import SystemPackage
import Testing

@testable import albert

/// Names are bytes: what is no text is found, read and written under exactly that name.
@Suite struct NameTests {
  /// A script in whose folder `$n` is a name that is not UTF-8.
  private func run(_ script: String) throws -> Tool.Run {
    try Tool.script("set -e; n=$(printf 'caf\\351'); " + script, in: try Scratch())
  }

  @Test func bytesBecomeTextAndBytesAgain() {
    for bytes in [
      [], Array("model é 😀".utf8), [0x63, 0xE9, 0x2E], [0xFF, 0xFE], [0xC3], [0xE2, 0x82, 0x41],
      Array("\u{10FE80}".utf8), [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
    ] as [[UInt8]] {
      #expect(ByteText.bytes(of: ByteText.text(bytes)) == bytes, "\(bytes)")
      #expect(ByteText.repaired(ByteText.text(bytes)) == String(decoding: bytes, as: UTF8.self))
    }
    #expect(ByteText.text(Array("plain".utf8)) == "plain")
    // Two names that look alike when they are printed are two texts.
    #expect(ByteText.text([0xE9]) != ByteText.text([0xEA]))
    #expect(ByteText.text([0xE9]) != ByteText.text(Array("\u{FFFD}".utf8)))
  }

  @Test func folderPrefixAndConfig() throws {
    let run = try run(
      """
      mkdir "$n"; cp "$SAMPLES"/tiny-tf1/* "$n"
      "$ALBERT" inspect "$n" --json
      cd "$n"
      for file in model.ckpt-best.*; do mv "$file" "$n${file#model.ckpt-best}"; done
      mv albert_config.json "$n.json"
      "$ALBERT" inspect "$n" --config "$n.json" --html "$n.html" >/dev/null
      "$ALBERT" inspect "$n.json" >/dev/null
      test -s "$n.html"
      """)
    #expect(run.status == 0, "\(run.errors)")
    let document = try run.json
    #expect(document["path"]?.string == "caf\u{FFFD}")
  }

  /// Nothing there, a link to nothing, and a path that nobody can follow are told apart.
  @Test func whatHindersFindingAFileIsSaid() throws {
    let run = try Tool.script(
      """
      ln -s gone.safetensors link.safetensors; ln -s round round; mkdir folder
      ln -s ../gone.safetensors folder/model.safetensors
      for path in nothing link.safetensors round folder; do "$ALBERT" inspect $path; echo $?; done
      "$ALBERT" survey round; echo $?
      """, in: try Scratch())
    #expect(run.output == "2\n2\n2\n2\n2\n")
    let errors = run.errors.split(separator: "\n").map(String.init)
    try #require(errors.count == 5, "\(errors)")
    #expect(errors[0].contains("nothing: there is no such file or folder; check the path"))
    #expect(errors[1].contains("this is a link to 'gone.safetensors': mend it"))
    #expect(errors[2].contains("its links lead in a circle"))
    #expect(errors[3].contains("this is a link to '../gone.safetensors'"))
    #expect(errors[4].contains("its links lead in a circle"))
  }

  @Test(arguments: ["albert", "safetensors", "bin", "npz", "onnx", "msgpack", "h5", "weights.h5"])
  func outputOfOneFile(_ ending: String) throws {
    let run = try run(
      """
      "$ALBERT" convert "$SAMPLES/tiny-tf1" "$n.\(ending)" --allow-inexact --initialize-missing
      test "$(ls | grep -avc stderr)" = 1; test -f "$n.\(ending)"
      cp "$SAMPLES/tiny-tf1/albert_config.json" .
      "$ALBERT" inspect "$n.\(ending)" --stats --json >out.json
      "$ALBERT" run "$n.\(ending)" --config albert_config.json >/dev/null
      ! "$ALBERT" convert "$SAMPLES/tiny-tf1" "$n.\(ending)" --allow-inexact --initialize-missing
      """)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("the output exists already"))
  }

  @Test func outputsOfSeveralFiles() throws {
    let run = try run(
      """
      "$ALBERT" convert "$SAMPLES/tiny-tf1" "$n" --to huggingface
      "$ALBERT" convert "$SAMPLES/tiny-tf1" "$n" --to huggingface --force
      ! "$ALBERT" convert "$n" "$n.index"
      ! test -e "$n.index"
      "$ALBERT" convert "$SAMPLES/tiny-tf1" "${n}2" --to tf-checkpoint
      "$ALBERT" inspect "${n}2" >/dev/null
      "$ALBERT" convert "$SAMPLES/tiny-tf1" "$n.onnx" --external-data
      "$ALBERT" verify "$n.onnx" --against "$n"
      """)
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.errors.contains("a byte of it is no UTF-8; name it in UTF-8, or name a folder with --to ")
    )
  }

  @Test func inputsAndGoldenFiles() throws {
    let run = try run(
      """
      cp "$SAMPLES/tiny-tf1-golden.npz" "$n.npz"
      "$ALBERT" verify "$SAMPLES/tiny-tf1" --golden "$n.npz" --html "$n.html"
      "$ALBERT" run "$SAMPLES/tiny-tf1" --inputs "$n.npz" --output "$n.safetensors"
      "$ALBERT" verify "$SAMPLES/tiny-tf1" --golden "$n.safetensors" --inputs "$n.npz"
      test -s "$n.html"
      """)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func messagesRepairWhatIsNoText() throws {
    let run = try run("! \"$ALBERT\" inspect \"$n\" --json; ! \"$ALBERT\" \"$n\"")
    #expect(run.status == 0)
    #expect(try run.json["error"]?["path"]?.string == "caf\u{FFFD}")
    #expect(run.errors.contains("albert: error: caf\u{FFFD}: there is no such file or folder"))
    #expect(run.errors.contains("'caf\u{FFFD}'"))
  }
}
