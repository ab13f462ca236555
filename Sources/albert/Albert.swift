import ArgumentParser
import Reports

/// The tool: reads ALBERT weights from every format they were published in.
@main
struct AlbertTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "albert",
    abstract:
      "Convert ALBERT checkpoints, count their parameters, and prove that exports are right.",
    discussion: """
      EXAMPLES
        albert convert model.ckpt-best model.albert
        albert inspect model.albert
        albert verify model.albert --golden golden.npz
        albert check model.albert

      Shell completion: albert --generate-completion-script bash|zsh|fish
      """,
    version: ToolVersion.text,
    subcommands: [
      ConvertCommand.self, InspectCommand.self, VariantsCommand.self, CheckCommand.self,
    ])

  static func main() {
    Interruption.install()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      exit(withError: error)
    }
  }
}
