import AlbertArchives
import AlbertBytes
import AlbertPlatform
import AlbertTestSupport
import SystemPackage
import Testing

@Suite struct ModelFolderTests {
  /// Runs `body` in a new folder, which goes away afterwards.
  private func inFolder(_ body: (FilePath) throws -> Void) throws {
    let scratch = try Scratch()
    try withExtendedLifetime(scratch) { try body(scratch.folder) }
  }

  private func makeFolder(_ path: FilePath) throws {
    try #require(unsafe mkdir(path.string, 0o700) == 0)
  }

  private func link(_ path: FilePath, to target: String) throws {
    try #require(unsafe symlink(target, path.string) == 0)
  }

  private func write(_ path: FilePath) throws {
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create], permissions: .ownerReadWrite)
    try file.writeAll([1, 2, 3])
    try file.close()
  }

  private func message(_ body: () throws -> FilePath) -> String {
    do { return try body().string } catch { return "\(error)" }
  }

  @Test func namesStayInTheFolder() throws {
    try inFolder { folder in
      try makeFolder(folder.appending("model"))
      try makeFolder(folder.appending("model/part"))
      try write(folder.appending("secret"))
      try write(folder.appending("model/weights"))
      try write(folder.appending("model/part/weights"))
      try link(folder.appending("model/out"), to: "../secret")
      try link(folder.appending("model/in"), to: "weights")
      try link(folder.appending("model/up"), to: "..")
      let model = try ModelFolder(of: folder.appending("model/model.onnx"))

      #expect(try model.file(named: "weights", "tensors") == folder.appending("model/weights"))
      #expect(try model.file(named: "in", "tensors") == folder.appending("model/in"))
      #expect(
        try model.file(named: "part/weights", "tensors") == folder.appending("model/part/weights"))
      #expect(
        try model.file(named: "./part/./weights", "tensors")
          == folder.appending("model/part/weights"))
      let outside = [
        "../secret", "part/../../secret", "/etc/passwd", "out", "up/secret", "up", ".", "..", "",
        "./../secret", "./.", "weights\u{0}", "\(folder.string)/model/weights",
      ]
      for name in outside {
        #expect(
          message { try model.file(named: name, "tensors") }.contains(
            "which is not inside the model's own folder"), "\(name)")
      }
      #expect(
        message { try model.file(named: "absent", "tensor data") }.hasSuffix(
          """
          model.onnx: 'absent', which holds tensor data, is missing; \
          put that file beside it: the model is made of both
          """))
    }
  }

  @Test func linksOfAHuggingFaceCacheAreFollowed() throws {
    try inFolder { folder in
      for name in [
        "models--a--b", "models--a--b/blobs", "models--a--b/snapshots",
        "models--a--b/snapshots/1", "models--c--d",
      ] { try makeFolder(folder.appending(name)) }
      try write(folder.appending("models--a--b/blobs/0123"))
      try write(folder.appending("models--c--d/0123"))
      let snapshot = folder.appending("models--a--b/snapshots/1")
      try link(snapshot.appending("data"), to: "../../blobs/0123")
      try link(snapshot.appending("other"), to: "../../../models--c--d/0123")
      let model = try ModelFolder(of: snapshot.appending("model.onnx"))
      #expect(try model.file(named: "data", "tensors") == snapshot.appending("data"))
      #expect(
        message { try model.file(named: "other", "tensors") }.contains("not inside the model's"))
    }
  }
}
