import AlbertBytes
import AlbertPlatform
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertArchives

/// Whatever a worker does, its parent goes on and says what happened.
@Suite struct HDF5WorkerTests {
  private let scratch: Scratch
  private let window: HDF5Window

  init() throws {
    scratch = try Scratch()
    window = HDF5Window(try SourceFile(Fixture.path("hdf5/single.h5")))
  }

  /// A worker that is this shell script.
  ///
  /// It is a link to a program that reads the script: no system starts a file that is open for writing, and
  /// another test's child may hold what is written here open for a moment.
  private func worker(_ script: String) throws -> FilePath {
    _ = try scratch.write(Array("\(script)\n".utf8), "worker.sh")
    let path = scratch.folder.appending("worker")
    unsafe Fixture.path("hdf5/worker").withPlatformString { target in
      unsafe path.withPlatformString { unsafe _ = symlink(target, $0) }
    }
    return path
  }

  /// What comes of a worker that is this shell script.
  private func outcome(_ script: String, _ limits: HDF5Limits = HDF5Limits()) throws -> String {
    let path = try worker(script)
    return failure { try HDF5File.open([window], ArchiveOptions(worker: path), limits) }
  }

  /// A script's `printf` of bytes.
  private func print(_ bytes: [UInt8]) -> String {
    "printf '" + bytes.map { "\\" + String($0, radix: 8) }.joined() + "'"
  }

  private let hello: [UInt8] = [0xA1, 1, 0, 0, 0, HDF5Frame.version]

  @Test func aWorkerThatIsNotConfinedSaysSo() throws {
    // The worker's own answer, with the message that it is not confined behind the greeting.
    let path = try worker(
      """
      '\(HDF5Fixture.worker)' "$@" | {
        head -c 6; \(print([HDF5Frame.Kind.unconfined.rawValue, 0, 0, 0, 0])); cat
      }
      """)
    let file = Fixture.path("hdf5/single.h5")
    let archive = try ArchiveRegistry.open(file, ArchiveOptions(worker: path))
    let note = try #require(archive.notes.first { $0.code == "unconfined" })
    #expect(note.severity == .note)
    #expect(note.message.contains("Landlock or seccomp"))
    #expect(archive.tensors == (try ArchiveRegistry.open(file, HDF5Fixture.options)).tensors)
  }

  @Test func withoutAWorkerNothingIsParsed() throws {
    #expect(
      failure { try ArchiveRegistry.open(Fixture.path("hdf5/single.h5")) }.hasSuffix(
        "the worker process that HDF5 files are parsed in is missing; set ArchiveOptions.worker to "
          + "the path of the albert executable"))
  }

  @Test func aWorkerThatDoesNotStart() throws {
    let options = ArchiveOptions(worker: "/nowhere/albert")
    #expect(
      failure { try HDF5File.open([window], options) }.hasSuffix(
        "cannot start the HDF5 worker '/nowhere/albert': No such file or directory; let "
          + "ArchiveOptions.worker name the albert executable of this version"))
  }

  @Test func aWorkerThatIsAnotherProgram() throws {
    for script in ["exit 0", "exit 3", "echo usage", "exec 1>&-; sleep 60", "kill -SEGV $$"] {
      #expect(try outcome(script).contains("an answer from the HDF5 worker"), "\(script)")
    }
    // Another version's greeting.
    #expect(
      try outcome(print([0xA1, 1, 0, 0, 0, HDF5Frame.version + 1])).contains("an answer from"))
  }

  @Test func aWorkerThatCrashes() throws {
    #expect(
      try outcome(print(hello) + "; kill -SEGV $$").contains("libhdf5 crashed on it (signal 11)"))
    #expect(
      try outcome(print(hello) + "; kill -XCPU $$").contains(
        "libhdf5 took more processor time over it than it may"))
    #expect(try outcome(print(hello) + "; exit 7").contains("crashed on it (exit status 7)"))
    // Inside a message, and inside a message's header.
    #expect(try outcome(print(hello + [0xA2, 9, 0, 0, 0, 65])).contains("crashed on it"))
    #expect(try outcome(print(hello + [0xA2, 9])).contains("crashed on it"))
  }

  @Test func aWorkerThatHangs() throws {
    let limits = HDF5Limits(seconds: 0.3)
    let start = ContinuousClock.now
    for script in [
      "sleep 60", print(hello) + "; sleep 60", print(hello + [0xA2]) + "; sleep 60",
      "trap '' TERM INT; while :; do :; done",
      // One byte now and then is no progress.
      print(hello) + "; while :; do printf '\\242\\1\\0\\0\\0x'; sleep 0.1; done",
    ] {
      #expect(try outcome(script, limits).contains("came to no end with it within 0 seconds"))
    }
    #expect(ContinuousClock.now - start < .seconds(8))
  }

  @Test func aWorkerThatSendsGarbage() throws {
    let bodies: [[UInt8]] = [
      [0x00, 0, 0, 0, 0], [0xA1, 0, 0, 0, 0], [0xA2, 255, 255, 255, 255], [0xA6, 0, 0, 0, 0],
      // A dataset without a description, an attribute without a holder, and with a huge count.
      [0xA3, 0, 0, 0, 0], [0xA4, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      [0xA2, 0, 0, 0, 0, 0xA4, 8, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255],
      [0xA7, 0, 0, 0, 0], [0xA7, 1, 0, 0, 0, 99], [0xA5, 1, 0, 0, 0, 0],
    ]
    for body in bodies {
      #expect(
        try outcome(print(hello + body)).contains(
          "libhdf5 lost its way in it: its worker's answer is garbled"), "\(body)")
    }
    #expect(
      try outcome(print(hello + [0xA2, 2, 0, 0, 0, 0xFF, 0xFE])).contains("is not valid UTF-8"))
  }

  @Test func aWorkerWithoutEnd() throws {
    let limits = HDF5Limits(maxDescription: 1 << 18)
    let endless = print(hello) + "; while :; do \(print([0xA2, 1, 0, 0, 0, 65])); done"
    #expect(try outcome(endless, limits).contains("its worker's answer has no end"))
    let flood = print(hello + [0xA2, 0, 0, 0x70, 0]) + "; cat /dev/zero"
    #expect(try outcome(flood, limits).contains("its worker's answer has no end"))
  }

  @Test func aWorkersWordsAreMadePrintable() throws {
    let message: [UInt8] = [1] + Array("bad \u{1B}[31m\n".utf8)
    let frame = [0xA7, UInt8(message.count), 0, 0, 0] + message
    #expect(try outcome(print(hello + frame)).contains("libhdf5 cannot read it: bad ?[31m?;"))
  }

  @Test func whatAWorkerStatesIsChecked() throws {
    func outcome(_ change: (inout HDF5Record) -> Void) throws -> String {
      var record = HDF5Record(
        path: Array("x".utf8), address: 800, elementClass: .float, elementSize: 4,
        isBigEndian: false, isSigned: true, dimensions: [7, 5],
        storage: .contiguous(offset: 2048, size: 140))
      change(&record)
      let body = record.encoded()
      let frame = [0xA3, UInt8(body.count), 0, 0, 0] + body
      return try self.outcome(print(hello + [0xA2, 0, 0, 0, 0] + frame + [0xA8, 0, 0, 0, 0]))
    }
    #expect(try outcome { _ in } == "no error")
    #expect(
      try outcome { $0.storage = .contiguous(offset: 2048, size: 136) }.contains(
        "the size of the data of shape [7, 5]: expected 140 bytes, found 136 bytes in tensor 'x'"))
    #expect(
      try outcome { $0.storage = .contiguous(offset: 10_700, size: 140) }.contains(
        "the file ends inside its data: 140 bytes expected, 108 found in tensor 'x'"))
    #expect(
      try outcome { $0.storage = .contiguous(offset: .max, size: 140) }.contains(
        "the file ends inside its data: 140 bytes expected, 0 found"))
    #expect(
      try outcome { $0.dimensions = [.max, 2] }.contains("is out of range in tensor 'x'"))
    #expect(
      try outcome { $0.storage = .assembled(stored: 1 << 40, working: 1) }.contains(
        "1099511627776 bytes in a file of 10808 cannot hold the shape [7, 5]"))
    // More than deflate can ever have saved.
    #expect(
      try outcome {
        $0.dimensions = [1 << 30]
        $0.storage = .assembled(stored: 10_000, working: 1)
      }.contains("10000 bytes in a file of 10808 cannot hold the shape [1073741824]"))
  }

  @Test func datasetsThatOverlapAreRefused() throws {
    func dataset(_ name: String, at offset: UInt64, address: UInt64) -> [UInt8] {
      let record = HDF5Record(
        path: Array(name.utf8), address: address, elementClass: .float, elementSize: 4,
        isBigEndian: false, isSigned: true, dimensions: [35],
        storage: .contiguous(offset: offset, size: 140))
      let body = record.encoded()
      return [0xA3, UInt8(body.count), 0, 0, 0] + body
    }
    let first = hello + dataset("x", at: 2048, address: 800)
    let end: [UInt8] = [0xA8, 0, 0, 0, 0]
    #expect(
      try outcome(print(first + dataset("y", at: 2100, address: 900) + end)).contains(
        "its data overlaps that of 'y' in tensor 'x' at byte 2100"))
    #expect(
      try outcome(print(first + dataset("y", at: 2048, address: 900) + end)).contains("overlaps"))
    // One dataset under two names, and neighbours.
    #expect(
      try outcome(print(first + dataset("y", at: 2048, address: 800) + end)) == "no error")
    #expect(
      try outcome(print(first + dataset("y", at: 2188, address: 900) + end)) == "no error")
  }

  @Test func aDatasetsContentIsCounted() throws {
    let file = try #require(try HDF5File.open([window], HDF5Fixture.options).first)
    let dataset = try #require(file.description.datasets.first { $0.path == "packed" })
    func outcome(_ script: String) throws -> String {
      let path = try worker(script)
      return failure { try file.with(worker: path).read(dataset) { _ in } }
    }
    let whole = [0xA6, 140, 0, 0, 0] + [UInt8](repeating: 1, count: 140)
    let end: [UInt8] = [0xA8, 0, 0, 0, 0]
    #expect(try outcome(print(hello + whole + end)) == "no error")
    for wrong in [end, whole, whole + whole + end, [0xA6, 3, 0, 0, 0, 1, 2, 3] + end] {
      let text = try outcome(print(hello + wrong))
      #expect(text.contains("libhdf5") && text.contains("in tensor 'packed'"))
    }
  }

  #if os(Linux)
    @Test func aWorkerIsConfined() throws {
      let file = try SourceFile(Fixture.path("hdf5/shapes.h5"))
      // More content than a pipe holds, so that the worker waits for its reader.
      let task = HDF5Task(
        .read(path: "tall", size: 4_800_000), base: 0, length: file.size, memory: 1 << 30,
        seconds: 10, requireSandbox: false)
      let (process, output) = try HDF5Spawn.start(
        HDF5Fixture.worker, [HDF5Worker.command] + task.arguments, input: file.rawDescriptor)
      defer {
        _ = HDF5Spawn.end(process)
        try? output.close()
      }
      var head = [UInt8](repeating: 0, count: 1 << 15)
      var received = 0
      while received < head.count {
        received += try unsafe head.withUnsafeMutableBytes { try unsafe output.read(into: $0) }
      }
      func text(_ name: String) throws -> [[Substring]] {
        let file = try FileDescriptor.open(FilePath("/proc/\(process)/\(name)"), .readOnly)
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        let count = try file.closeAfter {
          try unsafe bytes.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
        }
        return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").map {
          $0.split { $0 == " " || $0 == "\t" }
        }
      }
      let status = try text("status")
      #expect(status.contains(["NoNewPrivs:", "1"]))
      #expect(status.contains(["Seccomp:", "2"]))
      let limits = try text("limits")
      #expect(limits.contains(["Max", "open", "files", "3", "3", "files"]))
      #expect(limits.contains(["Max", "file", "size", "0", "0", "bytes"]))
      #expect(limits.contains(["Max", "core", "file", "size", "0", "0", "bytes"]))
      #expect(limits.contains(["Max", "cpu", "time", "10", "10", "seconds"]))
      #expect(limits.contains(["Max", "data", "size", "1073741824", "1073741824", "bytes"]))
      #expect(
        limits.contains { $0.starts(with: ["Max", "address", "space"]) && $0[3] != "unlimited" })
    }
  #endif

  @Test func aDemandedSandboxIsHadOrRefused() throws {
    let options = ArchiveOptions(worker: HDF5Fixture.worker, requireSandbox: true)
    let outcome = failure {
      try ArchiveRegistry.open(Fixture.path("hdf5/shapes.h5"), options).readAll()
    }
    let refusal =
      "reading HDF5 in a sandbox here: the kernel lacks Landlock or seccomp, or keeps them "
      + "off is not supported; use a kernel with Landlock and seccomp, or leave ArchiveOptions.requireSandbox out"
    #expect(outcome == "no error" || outcome.hasSuffix(refusal))
  }

  @Test func aTaskSurvivesTheCommandLine() throws {
    for request in [HDF5Task.Request.describe, .read(path: "a/b c\n'", size: 12)] {
      let task = HDF5Task(
        request, base: 66, length: 1 << 40, memory: 5, seconds: 6, requireSandbox: true)
      #expect(HDF5Task(task.arguments) == task)
    }
    #expect(HDF5Task([]) == nil)
    #expect(HDF5Task(["1", "2", "3", "4", "-1"]) == nil)
  }
}
