import AlbertReports
import ArgumentParser

/// The options of every command: how it tells its result, how much it says, and in which colours.
struct ConsoleOptions: ParsableArguments {
  @Flag(help: "Print the result as a JSON document.")
  var json = false

  @Flag(name: .shortAndLong, help: "Say nothing but the result and errors.")
  var quiet = false

  @Flag(
    name: .shortAndLong,
    help: "Say more: the files that were read, how long each phase took, lists without an end.")
  var verbose = false

  @Option(
    help: ArgumentHelp("Colour: auto (on a terminal), always, never.", valueName: "when"))
  var color = Terminal.ColorChoice.auto

  func validate() throws {
    if quiet && verbose { throw ValidationError("--quiet and --verbose contradict each other") }
  }
}

extension Terminal.ColorChoice: ExpressibleByArgument {}
