import AlbertBytes
import AlbertJSON
import AlbertTestSupport
import SystemPackage
import Testing

/// What a file says cannot make the tool's words look like others.
@Suite struct TextTests {
  private static let hostile = "x\u{9B}31mRED\u{202E}.evil\u{7F}"
  private static let spelled = "x\\u{9b}31mRED\\u{202e}.evil\\u{7f}"

  private static let config = """
    {"model_type":"albert","vocab_size":11,"embedding_size":4,"hidden_size":8,"num_hidden_layers":2,
    "num_attention_heads":2,"intermediate_size":12,"max_position_embeddings":6,"type_vocab_size":2,
    "hidden_act":"gelu_new","\(hostile)":1}
    """

  @Test func charactersThatHideAreSpelledOut() throws {
    let scratch = try Scratch()
    let path = try scratch.write("config.json", Array(Self.config.utf8)).string
    let text = try Tool.run("inspect", path, "--html", scratch.path("x.html").string, in: scratch)
    #expect(text.output.contains(Self.spelled))
    #expect(try scratch.text("x.html").contains(Self.spelled))
    let document = try Tool.run("inspect", path, "--json", in: scratch)
    #expect(document.output.contains(#"x\u009b31mRED\u202e.evil\u007f"#))
    for output in [text.output, document.output, try scratch.text("x.html")] {
      #expect(!output.unicodeScalars.contains { $0.isUnsafeToShow && $0 != "\n" })
    }
  }

  @Test func argumentsAreTextFromElsewhereToo() throws {
    let scratch = try Scratch()
    for arguments in [["inspect", Self.hostile], [Self.hostile], ["variants", Self.hostile]] {
      let run = try Tool.run(arguments[0], arguments.last ?? "", in: scratch)
      #expect(run.errors.contains(Self.spelled), "\(run.errors)")
      #expect(!run.errors.unicodeScalars.contains { $0.isUnsafeToShow && $0 != "\n" })
    }
  }

  @Test(arguments: [
    ("{\"model_type\":\"albert\",\"vocab_size\":11,}", "at byte 39"),
    ("{\"model_type\":\"albert\",\"vocab_size\":11,\"vocab_size\":12}", "vocab_size"),
    ("{\"model_type\":\"bert\",\"vocab_size\":11}", "model_type 'bert'"),
    ("[1]", "no ALBERT config"),
  ])
  func aConfigThatIsNoneSaysWhy(_ text: String, _ reason: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write("config.json", Array(text.utf8)).string
    let run = try Tool.run("inspect", path, in: scratch)
    #expect(run.status == 2)
    #expect(run.errors.contains(reason), "\(run.errors)")
    #expect(!run.errors.contains("no supported format"))
    let convert = try Tool.run("convert", path, scratch.path("x.albert").string, in: scratch)
    #expect(convert.status == 2)
  }
}
