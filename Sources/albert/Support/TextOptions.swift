import AlbertBytes
import AlbertPipelines
import ArgumentParser

/// Texts that a model is asked about, as `run` takes them.
struct TextOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A text to read, as the model's head does; may be given several times. - stands for the lines of standard input.",
      valueName: "text"))
  var text: [String] = []

  @Option(
    help: ArgumentHelp(
      "The second text of a pair; given several times, the choices of multiple choice.",
      valueName: "text"))
  var pair: [String] = []

  @Option(
    help: ArgumentHelp("A question, to be answered from --context.", valueName: "text"))
  var question: String?

  @Option(
    help: ArgumentHelp(
      "The text that a question is answered from, of any length. - stands for standard input.",
      valueName: "text"))
  var context: String?

  @Flag(help: "Let a question have no answer, as SQuAD 2 does.")
  var allowNoAnswer = false

  @Option(
    help: ArgumentHelp("The most words of a mask, or answers (default: 5).", valueName: "n"))
  var top: Int?

  @Flag(help: "Refuse a text that exceeds the model's positions, instead of cutting it.")
  var strict = false

  /// Whether there is any text.
  var isGiven: Bool { !text.isEmpty || question != nil || context != nil }

  func validate() throws {
    if let top, top < 1 { throw ValidationError("--top \(top) is no number from 1 up") }
    if (question == nil) != (context == nil) {
      throw ValidationError("--question and --context belong together")
    }
    if question != nil, !text.isEmpty || !pair.isEmpty {
      throw ValidationError("--question goes with --context, not with --text or --pair")
    }
    if text.isEmpty, !pair.isEmpty { throw ValidationError("--pair goes with --text") }
    if !isGiven, let word = top != nil ? "--top" : strict ? "--strict" : nil {
      throw ValidationError("\(word) goes with --text or --question")
    }
    if allowNoAnswer, question == nil {
      throw ValidationError("--allow-no-answer goes with --question")
    }
  }

  /// The texts, with standard input read where it stands for some.
  func requests() throws(FileError) -> [TextRequest] {
    if let question, let context {
      let text = context == "-" ? try StandardInput.text() : ByteText.repaired(context)
      return [TextRequest(text, .question(ByteText.repaired(question)))]
    }
    let pairs = pair.map(ByteText.repaired)
    let companion: TextRequest.Companion =
      switch pairs.count {
      case 0: .none
      case 1: .pair(pairs[0])
      default: .choices(pairs)
      }
    var requests: [TextRequest] = []
    for text in text {
      let lines = text == "-" ? try StandardInput.lines() : [ByteText.repaired(text)]
      requests += lines.map { TextRequest($0, companion) }
    }
    return requests
  }

  /// What is wanted of the texts.
  func options(embeds: Bool) -> ReadingOptions {
    ReadingOptions(
      top: top ?? 5, isStrict: strict, allowsNoAnswer: allowNoAnswer, embeds: embeds)
  }
}
