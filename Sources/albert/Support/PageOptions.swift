import AlbertBytes
import ArgumentParser

/// The options of every command that writes a page.
struct PageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write a page to look at, for any browser; - is standard output.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var html: OutputPath?

  @Flag(
    help: "Replace what stands where a page or report goes; another of its kind needs no such word."
  )
  var force = false

  /// The page's file; throws where it would take the place of an input, or of what is not a page.
  func file(besides inputs: @autoclosure () -> [SourceFile]) throws(FileError) -> PageFile {
    try PageFile(html, replacing: force, besides: html == nil ? [] : inputs())
  }
}
