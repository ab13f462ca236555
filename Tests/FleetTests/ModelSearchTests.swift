import AlbertBytes
import AlbertFleet
import AlbertTestSupport
import SystemPackage
import Testing

/// Which models are found below a folder.
@Suite struct ModelSearchTests {
  private static let samples = PackageFiles.root.appending("samples")
  private static let model = PackageFiles.fixtures.pushing("publishers/one/hf-torch")
  private static let weights = model.appending("pytorch_model.bin")

  @Test func eachModelOnceWhereverItLies() throws {
    let scratch = try Scratch()
    try scratch.make("a/deep")
    try scratch.make("empty")
    for file in ["config.json", "pytorch_model.bin"] {
      try copy(Self.model.appending(file), to: scratch.path("a/deep/\(file)"))
    }
    let tiny = Self.samples.appending("tiny-tf1")
    for name in try Folder.names(in: tiny) {
      try copy(tiny.appending(name), to: scratch.path("a").appending(name))
    }
    let found = try ModelSearch.models(below: scratch.folder)
    #expect(found == [scratch.path("a"), scratch.path("a/deep")])
  }

  @Test func severalOfOneKindAreOneRowEach() throws {
    let scratch = try Scratch()
    for name in ["one.bin", "two.bin"] { try copy(Self.weights, to: scratch.path(name)) }
    let found = try ModelSearch.models(below: scratch.folder)
    #expect(found == [scratch.path("one.bin"), scratch.path("two.bin")])
  }

  @Test func aHubCacheIsGoneThroughBySnapshots() throws {
    let scratch = try Scratch()
    let snapshot = "hub/models--org--name/snapshots/0123456789abcdef0123456789abcdef01234567"
    try scratch.make(snapshot)
    try scratch.make("hub/models--org--name/blobs")
    try scratch.make("hub/models--org--name/refs")
    let blob = scratch.path("hub/models--org--name/blobs/abc")
    try copy(Self.weights, to: blob)
    try scratch.link("\(snapshot)/pytorch_model.bin", to: blob)
    #expect(try ModelSearch.models(below: scratch.folder) == [scratch.path(snapshot)])
  }

  @Test func aRingOfLinksEnds() throws {
    let scratch = try Scratch()
    try scratch.make("inner")
    try scratch.link("inner/back", to: scratch.folder)
    #expect(try ModelSearch.models(below: scratch.folder) == [])
  }

  /// Each name compared with all others would take minutes.
  @Test(.timeLimit(.minutes(1))) func aFolderMayHoldVeryManyFiles() throws {
    let scratch = try Scratch()
    for number in 0..<30_000 { try scratch.write("note\(number).txt", []) }
    try copy(Self.weights, to: scratch.path("pytorch_model.bin"))
    #expect(try ModelSearch.models(below: scratch.folder) == [scratch.folder])
  }

  @Test func whatIsNotThereIsAnError() throws {
    let scratch = try Scratch()
    #expect(
      failure { try ModelSearch.models(below: scratch.path("none")) }
        .contains("there is no such file"))
  }
}

/// Copies a file.
func copy(_ source: FilePath, to target: FilePath) throws {
  let file = try SourceFile(source)
  let output = try AtomicFile(target, replacing: false)
  try output.write(try file.bytes(at: 0, count: file.size))
  try output.commit()
}
