import AlbertBytes
import AlbertKit
import AlbertTestSupport
import Testing

@Suite("The documentation's articles")
struct ArticleTests {
  private let checkpoint = PackageFiles.fixtures.appending("tiny-a/hf").string

  @Test("Every block of code is compiled, word for word")
  func isCompiled() throws {
    let compiled = try ["ArticleCode.swift", "ExtendingCode.swift"].map {
      try Self.lines(PackageFiles.root.appending("Tests/AlbertKitTests").appending($0))
    }.map { $0.joined(separator: "\n") }
    var count = 0
    let articles = [
      "AlbertKit", "FromCheckpointToProof", "TheNativeFile", "Extending", "Reliability",
    ]
    for article in articles {
      let path = PackageFiles.root.appending("Sources/AlbertKit/AlbertKit.docc/\(article).md")
      for block in Self.blocks(try Self.lines(path)) {
        #expect(compiled.contains { $0.contains(block) }, "\(article): \(block)")
        count += 1
      }
    }
    #expect(count >= 13)
  }

  @Test("The code does what it says")
  func runs() async throws {
    let scratch = try Scratch()
    func path(_ name: String) -> String { scratch.path(name).string }
    try ArticleCode.landingPage(checkpoint: checkpoint, output: path("exported"))
    try ArticleCode.fromCheckpointToProof(
      checkpoint: checkpoint, output: path("model.onnx"), golden: path("golden.npz"))
    try await ArticleCode.inAServer(checkpoint: checkpoint, output: path("model.safetensors"))
    try ArticleCode.theNativeFile(checkpoint: checkpoint, output: path("model.albert"))
    ArticleCode.errors(checkpoint: path("nowhere"))
    try ArticleCode.worker(checkpoint: checkpoint, worker: PackageFiles.tool)
    try ArticleCode.observer(
      model: NativeModel(path("model.albert")), inputs: ModelInputs([[2, 15, 99, 3]]))
  }

  /// A file's lines without what indents them.
  private static func lines(_ path: FilePath) throws -> [String] {
    let file = try SourceFile(path)
    let text = String(decoding: try file.bytes(at: 0, count: file.size), as: UTF8.self)
    return text.split(separator: "\n").map { String($0.drop(while: { $0 == " " })) }
  }

  /// The Swift code between fences.
  private static func blocks(_ lines: [String]) -> [String] {
    var blocks: [String] = []
    var block: [String]?
    for line in lines {
      if line == "```swift" {
        block = []
      } else if line == "```" {
        if let block { blocks.append(block.joined(separator: "\n")) }
        block = nil
      } else {
        block?.append(line)
      }
    }
    return blocks
  }
}
