import AlbertPlatform
import AlbertTestSupport
import Synchronization
import SystemPackage
import Testing

@testable import AlbertBytes

/// The old folder or the new one with the user's files, whatever fails and whenever the process dies.
@Suite struct StagedFolderTests {
  /// What the folder holds before and after, the user's files in both.
  private static let mine = [
    "notes.md": "mine", "deep/er/data.bin": "mine too", "config.json.bak": "and this",
    "checkpoint/step": "a folder that is called like a model's file", "link": "-> notes.md",
  ]
  private static let old = mine.merging(["config.json": "old", "old.bin": "old"]) { $1 }
  private static let new = mine.merging(["config.json": "new", "sub/model.bin": "new"]) { $1 }

  private static let rules = OutputRules(
    isOwn: { ["config.json", "old.bin", "sub/model.bin", "checkpoint"].contains($0) },
    isInUse: { _ in true })

  private func setUp(_ tree: Tree) throws {
    tree.clear()
    try tree.write("out", Self.old)
    tree.stamp("out/notes.md")
  }

  private func replace(_ tree: Tree) throws {
    let folder = try StagedFolder(at: OutputPlace(tree.path("out")), Self.rules)
    for name in ["config.json", "sub/model.bin"] {
      let file = try folder.file(name)
      try file.write(Array("new".utf8))
      try file.commit()
    }
    try folder.commit(replacing: true)
  }

  @Test(arguments: Faults.fileSystems) func aFolderIsReplaced(
    _ lacking: Set<FileSystemCalls.Call>
  ) throws {
    let tree = Tree()
    try setUp(tree)
    let before = try tree.path("out/notes.md").stat()
    let mode = try tree.path("out").stat().permissions
    tree.protect("out/config.json")
    try Faults(lacking: lacking).inject { try replace(tree) }
    #expect(try tree.contents("out") == Self.new)
    #expect(tree.names() == ["out"])
    let after = try tree.path("out/notes.md").stat()
    #expect(after.permissions == before.permissions)
    #expect(after.st_mtim.tv_sec == 1_000_000_000)
    #expect(try tree.path("out").stat().permissions == mode)
    #expect(try tree.path("out/config.json").stat().permissions.rawValue == 0o600)
  }

  /// A process that dies at any of its system calls, on any file system.
  @Test(arguments: Faults.fileSystems) func aKilledReplacementIsCompletedOrUndone(
    _ lacking: Set<FileSystemCalls.Call>
  ) throws {
    let tree = Tree()
    var outcomes: Set<String> = []
    for step in 1... {
      try setUp(tree)
      let faults = Faults(at: step, isDeadly: true, lacking: lacking)
      try? faults.inject { try replace(tree) }
      guard faults.wasReached else { break }
      let left = try tree.contents("out")
      if lacking.contains(.exchange) {
        #expect(left == Self.old || left == Self.new || left.isEmpty, "step \(step)")
      } else {
        #expect(left == Self.old || left == Self.new, "step \(step)")
      }
      // The next run.
      try OutputPlace(tree.path("out")).recover(Self.rules)
      let found = try tree.contents("out")
      #expect(found == Self.old || found == Self.new, "step \(step)")
      #expect(tree.names() == ["out"], "step \(step)")
      outcomes.insert(found["config.json"] ?? "")
      try replace(tree)
      #expect(try tree.contents("out") == Self.new, "step \(step)")
      #expect(tree.names() == ["out"], "step \(step)")
    }
    #expect(outcomes == ["old", "new"])
  }

  /// One call that fails, after which the process goes on.
  @Test(arguments: Faults.fileSystems) func aFailedReplacementLeavesOneOfTheTwo(
    _ lacking: Set<FileSystemCalls.Call>
  ) throws {
    let tree = Tree()
    for step in 1... {
      try setUp(tree)
      let faults = Faults(at: step, lacking: lacking)
      var failure: FileError?
      do {
        try faults.inject { try replace(tree) }
      } catch {
        failure = error as? FileError
      }
      guard faults.wasReached else { break }
      let found = try tree.contents("out")
      // Without an error it is done; with one it is the old folder, or the new one whole.
      #expect(found == Self.new || (failure != nil && found == Self.old), "step \(step)")
      try OutputPlace(tree.path("out")).recover(Self.rules)
      #expect(try tree.contents("out") == found, "step \(step)")
      #expect(tree.names() == ["out"], "step \(step)")
    }
  }

  /// What the user does between the bringing and the exchange is not lost either.
  @Test func changesMeanwhileAreKept() throws {
    let tree = Tree()
    try setUp(tree)
    let path = tree.path("out")
    let calls = FileSystemCalls { call, target in
      guard call == .exchange, target == path else { return nil }
      try? tree.write("out", ["late.txt": "late"])
      tree.remove("out/notes.md")
      try? tree.write("out", ["notes.md": "newer"])
      return nil
    }
    try FileSystemCalls.$current.withValue(calls) { try replace(tree) }
    var expected = Self.new
    expected["late.txt"] = "late"
    expected["notes.md"] = "newer"
    #expect(try tree.contents("out") == expected)
    #expect(tree.names() == ["out"])
  }

  /// A leftover that holds what the folder does not is no garbage.
  @Test func whatOnlyALeftoverHasComesBack() throws {
    let tree = Tree()
    try tree.write("out", ["config.json": "new", "notes.md": "one"])
    let old = HiddenName(.old, beside: tree.path("out")).path.lastComponent?.string ?? ""
    try tree.write(old, ["config.json": "old", "notes.md": "another", "only.txt": "here"])
    try OutputPlace(tree.path("out")).recover(Self.rules)
    var found = try tree.contents("out")
    let kept = found.filter { $0.key.hasPrefix("notes.md.kept-") }
    #expect(kept.map(\.value) == ["another"])
    for name in kept.keys { found[name] = nil }
    #expect(found == ["config.json": "new", "notes.md": "one", "only.txt": "here"])
    #expect(tree.names() == ["out"])
  }

  /// Work that goes on is left alone, and so is what has another name.
  @Test func nobodyElsesWorkIsTouched() throws {
    let tree = Tree()
    try tree.write("out", ["config.json": "old"])
    let place = try OutputPlace(tree.path("out"))
    let first = try StagedFolder(at: place, Self.rules)
    try tree.write(".out.12345678-12345678.part", ["x": "another digest"])
    let second = try StagedFolder(at: place, Self.rules)
    let names = Set(tree.names())
    for folder in [first, second] {
      #expect(names.contains(folder.path.lastComponent?.string ?? ""))
    }
    #expect(names.contains(".out.12345678-12345678.part"))
  }

  // MARK: Pairs

  /// Data under a name that tells their content, as ONNX has them, or under a fixed one.
  enum Naming: CaseIterable, Sendable { case byContent, fixed }

  private func data(_ content: String, _ naming: Naming) -> String {
    naming == .fixed ? "m.data" : "m.\(content).data"
  }

  private func writePair(_ tree: Tree, _ content: String, _ naming: Naming) throws {
    let rules = OutputRules(
      isOwn: { _ in false },
      isInUse: { [self] file in
        guard let main = try? tree.text("m") else { return false }
        return naming == .fixed || data(main, naming) == file.lastComponent?.string
      })
    let old = (try? tree.text("m")).map { [data($0, naming)] } ?? []
    let place = try OutputPlace(tree.path("m"))
    place.recover(rules)
    let folder = try StagedFolder(at: place, rules)
    for name in [data(content, naming), "m"] {
      let file = try folder.file(name)
      try file.write(Array(content.utf8))
      try file.commit()
    }
    let others = [data(content, naming)]
    try folder.commit(
      "m", others: others, removing: old.filter { !others.contains($0) }, replacing: true)
  }

  /// In a folder that may not be listed it is not known which names are in use; the new output's own are.
  @Test func aPairOfAFolderThatMayNotBeListedLeavesNothing() throws {
    let tree = Tree()
    let rules = OutputRules(isOwn: { _ in true }, isInUse: { _ in nil })
    for _ in 0..<2 {
      let folder = try StagedFolder(at: try OutputPlace(tree.path("m")), rules)
      for name in ["m.data", "m"] {
        let file = try folder.file(name)
        try file.write(Array("new".utf8))
        try file.commit()
      }
      try folder.commit("m", others: ["m.data"], replacing: true)
    }
    #expect(tree.names() == ["m", "m.data"])
  }

  /// A private model's new data are private too, whatever their name.
  @Test(arguments: Naming.allCases) func aPairKeepsItsMode(_ naming: Naming) throws {
    let tree = Tree()
    try writePair(tree, "old", naming)
    for name in tree.names() { tree.protect(name) }
    try writePair(tree, "new", naming)
    #expect(try tree.contents("") == ["m": "new", data("new", naming): "new"])
    for name in tree.names() {
      #expect(try tree.path(name).stat().permissions.rawValue == 0o600, "\(name)")
    }
  }

  @Test(arguments: Naming.allCases, [true, false]) func aPairIsOneDecision(
    _ naming: Naming, _ isDeadly: Bool
  ) throws {
    let tree = Tree()
    func pair(_ content: String) -> [String: String] {
      ["m": content, data(content, naming): content]
    }
    for lacking in Faults.fileSystems {
      var outcomes: Set<String> = []
      for step in 1... {
        tree.clear()
        try writePair(tree, "old", naming)
        let faults = Faults(at: step, isDeadly: isDeadly, lacking: lacking)
        try? faults.inject { try writePair(tree, "new", naming) }
        guard faults.wasReached else { break }
        // Data of one model never lie under the other.
        let left = try tree.contents("").filter { !$0.key.hasPrefix(".") }
        if let main = left["m"] { #expect(left[data(main, naming)] == main, "step \(step)") }
        // The next run finds one of the two, and nothing else.
        let rules = OutputRules(
          isOwn: { _ in false },
          isInUse: { file in
            guard let main = try? tree.text("m") else { return false }
            return naming == .fixed || data(main, naming) == file.lastComponent?.string
          })
        try OutputPlace(tree.path("m")).recover(rules)
        let found = try tree.contents("")
        #expect(found == pair("old") || found == pair("new"), "step \(step), \(found)")
        outcomes.insert(found["m"] ?? "")
      }
      #expect(outcomes == ["old", "new"])
    }
  }
}

/// A folder with folders in it, which disappears with all of them.
final class Tree: Sendable {
  let root = FilePath("/tmp/albertkit-\(UInt64.random(in: 0 ... .max))")

  init() { unsafe _ = root.withPlatformString { unsafe mkdir($0, 0o755) } }

  deinit { FileSystemCalls().removeAll(root) }

  func path(_ name: String) -> FilePath { name.isEmpty ? root : root.appending(name) }

  func names() -> [String] { ((try? Folder.names(in: root)) ?? []).map(\.string) }

  func clear() {
    for name in names() { remove(name) }
  }

  func remove(_ name: String) { FileSystemCalls().removeAll(path(name)) }

  /// Writes files, and links where the text begins with an arrow.
  func write(_ folder: String, _ files: [String: String]) throws {
    for (name, text) in files {
      var place = root
      for component in FilePath(folder + "/" + name).removingLastComponent().components {
        place.append(component)
        unsafe _ = place.withPlatformString { unsafe mkdir($0, 0o755) }
      }
      let path = path(folder + "/" + name)
      if text.hasPrefix("-> ") {
        let target = String(text.dropFirst(3))
        unsafe _ = path.withPlatformString { unsafe symlink(target, $0) }
      } else {
        let file = try FileDescriptor.open(
          path, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite])
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
      }
    }
  }

  /// Lets nobody but the owner read a file.
  func protect(_ name: String) {
    unsafe _ = path(name).withPlatformString { unsafe chmod($0, 0o600) }
  }

  /// Gives a file a time of its own.
  func stamp(_ name: String) {
    let time = timeval(tv_sec: 1_000_000_000, tv_usec: 0)
    let times = [time, time]
    unsafe _ = path(name).withPlatformString { name in
      unsafe times.withUnsafeBufferPointer { unsafe utimes(name, $0.baseAddress) }
    }
  }

  func text(_ name: String) throws -> String {
    let file = try SourceFile(path(name))
    return String(decoding: try file.bytes(at: 0, count: file.size), as: UTF8.self)
  }

  /// Every file below a path, by its name there; of a link where it points.
  func contents(_ name: String) throws -> [String: String] {
    var found: [String: String] = [:]
    for inner in ((try? Folder.names(in: path(name))) ?? []).map(\.string) {
      let whole = name.isEmpty ? inner : name + "/" + inner
      switch try path(whole).stat(followTargetSymlink: false).type {
      case .directory:
        for (rest, text) in try contents(whole) { found[inner + "/" + rest] = text }
      case .symbolicLink: found[inner] = "-> notes.md"
      default: found[inner] = try text(whole)
      }
    }
    return found
  }
}
