import Archives
import ArgumentParser
import Bytes
import Reports

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

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
      InspectCommand.self, VariantsCommand.self, ConvertCommand.self, VerifyCommand.self,
      RunCommand.self, CheckCommand.self,
    ])

  static func main() {
    // Before anything else: this process may be the confined one that HDF5 files are parsed in.
    if CommandLine.arguments.dropFirst().first == HDF5Worker.command {
      _exit(HDF5Worker.main(Array(CommandLine.arguments.dropFirst(2))))
    }
    Interruption.install()
    // A native file that somebody shortens while it is mapped ends in an error.
    MappedBytes.guardAgainstTruncation()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      exit(withError: error)
    }
  }
}
