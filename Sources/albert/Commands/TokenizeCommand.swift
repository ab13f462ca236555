import AlbertBytes
import AlbertReports
import AlbertTokenizers
import ArgumentParser
import SystemPackage

/// `albert tokenize`: the ids that a model's own tokenizer gives a text.
struct TokenizeCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Turn text into the ids that a model reads.",
    discussion: HelpText.fitted(
      """
      Without TEXT each line of standard input is a text, and each gets a line of ids. The ids are \
      those of the tokenizer that the model's files declare: a tokenizer.json as the tokenizers \
      library reads it, else spiece.model or vocab.txt as transformers' class in Python does, or as \
      the library where tokenizer_config.json names a class that ends in Fast.

      EXAMPLES
        albert tokenize model.albert "The capital of France is [MASK]."
        albert tokenize albert_base "Who wrote it?" --pair "It was written by Ann." --json
        albert tokenize spiece.model < lines.txt
      """))

  @Argument(
    help: "A model, a folder with a tokenizer, or a tokenizer's file.", completion: .file())
  var model: FilePath

  @Argument(help: "The text; without it the lines of standard input.")
  var text: String?

  @Option(help: ArgumentHelp("The second text of a pair.", valueName: "text"))
  var pair: String?

  @Option(
    help: ArgumentHelp(
      "The most tokens of a text, special ones included; the rest is cut off.", valueName: "n"))
  var maxLength: Int?

  @Flag(inversion: .prefixedNo, help: "Add [CLS] and [SEP], as the model's inputs have them.")
  var specialTokens = true

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "Which of transformers' tokenizers is meant: the declared one, slow or fast.",
      valueName: "family"))
  var family = TokenizerFamily.declared

  @OptionGroup
  var reading: SourceOptions

  @OptionGroup
  var speech: ConsoleOptions

  func validate() throws {
    if let maxLength, maxLength < 1 {
      throw ValidationError("--max-length \(maxLength) leaves no room for a token")
    }
    if pair != nil && text == nil {
      throw ValidationError("--pair is the second of two texts: give the first one too")
    }
  }

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    let tokenizer = try TokenizerSource.open(model, reading, family, console)
    let options = EncodingOptions(
      maximumLength: maxLength, addsSpecialTokens: specialTokens)
    let encodings: [Encoding]
    if let text {
      let second = pair.map(ByteText.repaired)
      encodings = [tokenizer.encode(ByteText.repaired(text), pair: second, options)]
    } else {
      encodings = try StandardInput.lines().map { tokenizer.encode($0, options) }
    }
    let report = TokenizeReport(
      model: model.string, tokenizer, encodings, isBatch: text == nil)
    let cut = encodings.count { $0.cutCount > 0 }
    if cut > 0 {
      console.remark(
        "albert: warning: \(cut) of \(encodings.count) texts were cut to \(maxLength ?? 0) tokens")
    }
    try console.result(report.lines(terminal: console.output), json: report.json)
    return .success
  }
}

extension TokenizerFamily: ExpressibleByArgument {}
