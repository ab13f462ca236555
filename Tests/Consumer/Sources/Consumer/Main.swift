import AlbertKit
import ArgumentParser
import Bytes
import JSON

/// Runs what the README's section for users of the library shows, in the current folder.
@main
struct Main: AsyncParsableCommand {
  @Argument var checkpoint: String

  func run() async throws {
    let count = Count(try StoredCount(Inspection.open(checkpoint)).unique)
    print(Value.text("\(count.bytes) parameters"))
    try await runExamples()
  }
}
