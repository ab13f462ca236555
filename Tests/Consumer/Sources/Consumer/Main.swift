import AlbertKit
import ArgumentParser
import Bytes
import JSON

/// Runs what docs/library.md shows, in the current folder.
@main
struct Main: AsyncParsableCommand {
  @Argument var checkpoint: String

  func run() async throws {
    let inspection = try await Inspection.open(checkpoint)
    let count = Count(StoredCount(inspection).unique)
    print(Value.text("\(count.bytes) parameters"))
    try await runExamples()
  }
}
