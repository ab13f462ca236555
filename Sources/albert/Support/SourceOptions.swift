import Archives
import ArgumentParser
import Conversion
import SystemPackage

/// Options of every command that reads a checkpoint.
struct SourceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The config to use, instead of one beside the weights.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "The name under which ALBERT sits inside a larger model.", valueName: "name"))
  var prefix: String?

  @Flag(help: "Refuse to parse HDF5 where the worker process cannot be confined.")
  var requireSandbox = false

  /// The options as the library takes them.
  var inspection: InspectionOptions {
    InspectionOptions(
      archive: ArchiveOptions(worker: Executable.path, requireSandbox: requireSandbox),
      config: config.map { FilePath($0) }, prefix: prefix)
  }
}
