import AlbertBytes
import AlbertTestSupport
import SystemPackage
import Testing

/// Every checksum that a format offers is verified by whatever reads the bytes.
@Suite struct ChecksumTests {
  private static let sample = PackageFiles.root.appending("samples/tiny-tf1")

  /// What is written, with which further options, and the file in which a bit is flipped.
  struct Case: CustomTestStringConvertible, Sendable {
    let output: String
    var options: [String] = []
    var damaged: String?
    var testDescription: String { ([output] + options).joined(separator: " ") }
  }

  private static let cases = [
    Case(output: "m.albert"), Case(output: "m.albert", options: ["--dtype", "i8"]),
    Case(output: "m.albert", options: ["--dtype", "bf16"]), Case(output: "m.bin"),
    Case(output: "m.npz"), Case(output: "m.index", damaged: "m.data-00000-of-00001"),
  ]

  @Test(arguments: cases) func aFlippedBitIsFound(_ file: Case) throws {
    let scratch = try Scratch()
    func run(_ arguments: String...) throws -> Tool.Run {
      let command = ["\"$ALBERT\""] + arguments.map { "'\($0)'" }
      return try Tool.script(command.joined(separator: " "), in: scratch)
    }
    let convert = ["convert", Self.sample.string, file.output, "--no-verify"] + file.options
    #expect(
      try Tool.script(
        "\"$ALBERT\" " + convert.map { "'\($0)'" }.joined(separator: " ")
          + "; cp \"$SAMPLES/tiny-tf1/albert_config.json\" .", in: scratch
      ).status == 0)
    let path = scratch.path(file.damaged ?? file.output)
    let source = try SourceFile(path)
    var bytes = try source.bytes(at: 0, count: source.size)
    // Within the numbers, which all formats keep together.
    bytes[bytes.count * 2 / 3] ^= 0x10
    _ = try scratch.write(file.damaged ?? file.output, bytes)
    for run in [
      try run("inspect", file.output, "--stats"),
      try run("inspect", file.output, "--html", "x.html"),
      try run("convert", file.output, "x.albert"),
      try run("convert", file.output, "x.safetensors", "--no-verify"),
      try run("convert", file.output, "x.msgpack", "--dtype", "f16"),
      try run("run", file.output), try run("verify", file.output, "--against", Self.sample.string),
      try run("verify", Self.sample.string, "--against", file.output),
    ] {
      #expect(run.status == 2)
      #expect(run.errors.contains("does not match its checksum"), "\(run.errors)")
      #expect(run.errors.contains("in tensor '") || run.errors.contains("the zip member"))
    }
    // Nothing was written on the way.
    let names = try Folder.names(in: scratch.folder).map(\.string)
    #expect(!names.contains { $0.hasPrefix("x.") }, "\(names)")
    // What lies in no tensor's bytes is not in doubt.
    #expect(try run("inspect", file.output).status == 0)
  }

  @Test func aFlippedBitOfARecordingIsFound() throws {
    let scratch = try Scratch()
    let golden = try SourceFile(PackageFiles.root.appending("samples/tiny-tf1-golden.npz"))
    var bytes = try golden.bytes(at: 0, count: golden.size)
    bytes[bytes.count / 2] ^= 1
    let path = try scratch.write("golden.npz", bytes).string
    let run = try Tool.run("verify", Self.sample.string, "--golden", path, in: scratch)
    #expect(run.status == 2)
    #expect(run.errors.contains("does not match its checksum"), "\(run.errors)")
  }
}
