import AlbertArchives
import ArgumentParser
import AlbertBytes
import AlbertPlatform
import AlbertReports
import CAlbertPlatform

/// The tool: reads ALBERT weights from every format they were published in.
@main
struct AlbertTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "albert",
    abstract:
      "Convert ALBERT checkpoints, count their parameters, and prove that exports are right.",
    discussion: HelpText.fitted(
      """
      EXAMPLES
        albert convert model.ckpt-best model.albert
        albert inspect model.albert
        albert verify model.albert --golden golden.npz
        albert check model.albert

      \(Manual.exitCodes)

      \(Manual.environment)

      \(Manual.files)

      \(HelpTopic.list)

      Version: albert --version (-V). Shell completion: albert --generate-completion-script bash|zsh|fish
      """),
    version: ToolVersion.text,
    subcommands: [
      InspectCommand.self, VariantsCommand.self, ConvertCommand.self, VerifyCommand.self,
      DiffCommand.self,
      RunCommand.self, TokenizeCommand.self, SurveyCommand.self, CheckCommand.self,
    ])

  static func main() {
    albertkit_with_enough_stack { AlbertTool.runAsAsked() }
  }

  private static func runAsAsked() {
    // Before anything else: this process may be the confined one that HDF5 files are parsed in.
    let arguments = Arguments.texts
    if arguments.first == HDF5Worker.command {
      _exit(HDF5Worker.main(Array(arguments.dropFirst())))
    }
    // Before there are threads, which take their share of address space.
    if Machine.limitsMemory { Machine.shareMemoryAmongThreads() } else { Machine.keepFreedMemory() }
    StandardStreams.prepare()
    Interruption.install()
    // A native file that somebody shortens while it is mapped ends in an error.
    MappedBytes.guardAgainstTruncation()
    do {
      if try HelpTopic.answer(arguments) { return }
      if let mistake = CommandWord.mistake(in: arguments, among: commandWords) { throw mistake }
      var command = try parseAsRoot(arguments == ["-V"] ? ["--version"] : arguments)
      try command.run()
    } catch {
      end(with: error)
    }
  }

  /// The words that may come first.
  private static var commandWords: [String] {
    configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
  }

  /// Prints what the parser has to say, help and scripts included, and ends the process.
  private static func end(with error: any Error) -> Never {
    let console = Console(isJSON: false)
    if let failure = error as? FileError { unusable(failure, console) }
    var message = ByteText.repaired(fullMessage(for: error))
    let code = exitCode(for: error)
    if CompletionScript.isAsked(for: Arguments.texts) {
      message = CompletionScript.completed(message)
    }
    guard !message.isEmpty else { exit(withCode: code) }
    if code.isSuccess {
      do throws(FileError) {
        let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
        try console.result(lines.map(String.init), json: .null)
      } catch {
        unusable(error, console)
      }
    } else {
      console.note(
        message.split(separator: "\n", omittingEmptySubsequences: false).map {
          Terminal.shown(String($0))
        })
    }
    exit(withCode: code)
  }

  private static func unusable(_ failure: FileError, _ console: Console) -> Never {
    console.failure(failure)
    exit(withCode: ExitCode(ExitStatus.unusable.rawValue))
  }

  private static func exit(withCode code: ExitCode) -> Never {
    AlbertPlatform.exit(code.rawValue)
  }
}
