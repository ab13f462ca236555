import AlbertBytes
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertArchives

/// Pickles that no library writes: each ends in a value or an error, soon and within few bytes.
@Suite struct PickleMachineTests {
  private func read(_ bytes: [UInt8]) throws -> PickleTree {
    var cursor = ByteCursor(bytes, path: "test.pt")
    return try PickleMachine.read(&cursor)
  }

  private func read(_ text: String) throws -> PickleTree { try read(Array(text.utf8)) }

  private func tensors(_ bytes: [UInt8]) throws -> [String] {
    try TorchPickle(read(bytes), path: "test.pt").namedTensors().map(\.name)
  }

  private static func string(_ text: String) -> [UInt8] {
    [0x55, UInt8(text.utf8.count)] + Array(text.utf8)
  }

  /// A tensor of `extent` floats with this stride, of a storage of four, remembered as 0.
  private static func tensor(extent: [UInt8] = [0x4B, 4], stride: UInt8 = 1) -> [UInt8] {
    let storage =
      [0x28] + string("storage") + Array("ctorch\nFloatStorage\n".utf8) + string("0")
      + string("cpu") + [0x4B, 4, 0x74, 0x51]
    let function = Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8)
    let arguments: [UInt8] =
      [0x4B, 0, 0x28] + extent + [0x74, 0x28, 0x4B, stride, 0x74, 0x89, 0x4E, 0x74]
    return function + [0x28] + storage + arguments + [0x52, 0x71, 0]
  }

  @Test func `values of every protocol are told apart`() throws {
    let cases: [([UInt8], PickleValue)] = [
      (Array("I01\n.".utf8), .bool(true)), (Array("I-7\n.".utf8), .integer(-7)),
      (Array("L99L\n.".utf8), .integer(99)), (Array("F1.5\n.".utf8), .real(1.5)),
      ([0x4A, 0xFE, 0xFF, 0xFF, 0xFF, 0x2E], .integer(-2)), ([0x4B, 200, 0x2E], .integer(200)),
      ([0x4D, 1, 2, 0x2E], .integer(513)), ([0x8A, 0, 0x2E], .integer(0)),
      ([0x8A, 1, 0xFF, 0x2E], .integer(-1)), ([0x8A, 2, 0xFF, 0x00, 0x2E], .integer(255)),
      ([0x80, 5, 0x88, 0x2E], .bool(true)), (Array("N.".utf8), .null),
    ]
    for (bytes, value) in cases { #expect(try read(bytes).root == value) }
    for text in ["S'abc'\n.", "S\"abc\"\n.", "Vabc\n.", "X\u{3}\0\0\0abc.", "U\u{3}abc."] {
      let tree = try read(text)
      #expect(tree.text(tree.root) == "abc", "\(text)")
    }
    let wide: [UInt8] = [0x8A, 9] + [UInt8](repeating: 1, count: 9) + [0x2E]
    let tree = try read(wide)
    #expect(tree.node(tree.root, .blob) != nil)
  }

  @Test func `textual and binary instructions build the same tensor`() throws {
    #expect(try tensors(Self.tensor() + Array(".".utf8)) == ["tensor"])
    #expect(try tensors(Array("}U\u{1}w".utf8) + Self.tensor() + Array("s.".utf8)) == ["w"])
    #expect(try tensors(Array("(U\u{1}w".utf8) + Self.tensor() + Array("d.".utf8)) == ["w"])
    #expect(try tensors(Array("(".utf8) + Self.tensor() + Array("0g0\nl.".utf8)) == ["0"])
    // Python 2's ordered dictionary: its maker is given a list of pairs.
    let pairs = Array("ccollections\nOrderedDict\n((lp9\n(lp8\nU\u{1}wa".utf8)
    #expect(try tensors(pairs + Self.tensor() + Array("aatR.".utf8)) == ["w"])
  }

  @Test(
    arguments: [
      (".", "the pickle takes a value from an empty stack at byte 1"),
      ("(0.", "the pickle takes a value from an empty stack"),
      ("(N(a.", "the pickle takes a value from an empty stack"),
      ("t.", "the pickle goes back to a mark that it never set"),
      ("g5\n.", "the pickle recalls object 5, which it never remembered"),
      ("p5\n.", "the pickle takes a value from an empty stack"),
      ("g-5\n.", "a line of the pickle holds no place of an object"),
      ("NNa.", "the pickle appends to something that is no list"),
      ("]NNs.", "the pickle sets a key of something that is no dictionary"),
      ("}(Nu.", "a dictionary of the pickle has a key without a value"),
      ("}}b.", "the pickle gives attributes to something that is no object"),
      ("(o.", "the pickle makes an object of no class"),
      ("S'abc\n.", "a string of the pickle has no quotes"),
      ("I12x\n.", "a line of the pickle holds no number"),
      ("\u{1}", "the pickle has an unknown instruction, 1 at byte 0"),
      ("NN", "the file ends inside the pickle: 1 bytes expected, 0 found at byte 2"),
    ])
  func `impossible pickles are told`(_ pickle: String, _ message: String) throws {
    let error = #expect(throws: FileError.self) { try read(pickle) }
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [[0x8B], [0x58], [0x42], [0x54]] as [[UInt8]])
  func `huge lengths cost nothing`(_ start: [UInt8]) {
    for length: [UInt8] in [[0xFF, 0xFF, 0xFF, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF]] {
      #expect(throws: FileError.self) { try read(start + length + [0x2E]) }
    }
    for wide: UInt8 in [0x8D, 0x8E, 0x96, 0x95] {
      #expect(throws: FileError.self) {
        try read([wide] + [UInt8](repeating: 0xFF, count: 8) + [0x2E])
      }
    }
  }

  @Test func `deep nesting is walked without recursion and refused`() throws {
    let deep = [UInt8](repeating: 0x5D, count: 100_000) + [UInt8](repeating: 0x61, count: 99_999)
    let tree = try read(deep + [0x2E])
    #expect(tree.nodes.count == 100_000)
    let error = #expect(throws: FileError.self) {
      try TorchPickle(tree, path: "test.pt").namedTensors()
        .map { ($0.name, $0.leaf) }
    }
    #expect(error?.message == "the nesting of the pickle is 65, more than the 64 accepted")
  }

  @Test func `a billion laughs are one`() throws {
    // Each list holds the one before it ten times, by DUP and by the memo.
    var bytes = Self.tensor()
    for level in 1...40 {
      let place = UInt8(level)
      bytes += [0x71, place, 0x30, 0x28]
      for _ in 0..<5 { bytes += [0x68, place, 0x32] }
      bytes += [0x6C]
    }
    let names = try tensors(bytes + [0x2E])
    #expect(names.count == 10)
    #expect(names.allSatisfy { $0.hasPrefix(String(repeating: "0.", count: 39)) })
  }

  @Test func `a pickle that holds itself ends`() throws {
    #expect(try tensors([0x5D, 0x71, 9, 0x68, 9, 0x61, 0x2E]) == [])
    #expect(try tensors([0x7D, 0x71, 9, 0x4B, 1, 0x68, 9, 0x73, 0x2E]) == [])
    let loop: [UInt8] = [0x5D, 0x71, 9, 0x28, 0x68, 9, 0x68, 9]
    #expect(try tensors(loop + Self.tensor() + [0x65, 0x2E]) == ["2"])
  }

  @Test func `a long key above many tensors stays one`() throws {
    let key = [0x58, 0, 4, 0, 0] + [UInt8](repeating: 0x6B, count: 1024)
    var bytes: [UInt8] = [0x7D] + key + [0x28] + Self.tensor()
    for _ in 0..<100_000 { bytes += [0x68, 0] }
    let error = #expect(throws: FileError.self) { try tensors(bytes + [0x6C, 0x73, 0x2E]) }
    #expect(error?.code == "limit")
  }

  @Test func `numbers of values and objects are bounded`() {
    let values = #expect(throws: FileError.self) {
      try read([UInt8](repeating: 0x4E, count: PickleMachine.maxValues + 1))
    }
    #expect(values?.message.hasPrefix("the number of values in the pickle is 2097153") == true)
    let objects = #expect(throws: FileError.self) {
      try read([UInt8](repeating: 0x5D, count: PickleMachine.maxNodes + 1))
    }
    #expect(objects?.message.hasPrefix("the number of objects in the pickle is 524289") == true)
    let marks = #expect(throws: FileError.self) {
      try read([UInt8](repeating: 0x28, count: PickleMachine.maxValues + 1))
    }
    #expect(marks?.code == "limit")
  }

  @Test func `a storage that is a part of another keeps to its part`() throws {
    let plain = Self.tensor()
    let place = try #require(
      plain.indices.first { Array(plain[$0...].prefix(4)) == [0x4B, 4, 0x74, 0x51] })
    func tensor(offset: UInt8, count: UInt8) throws -> [(name: String, tensor: TorchTensor)] {
      let part = [0x28] + Self.string("1") + [0x4B, offset, 0x4B, count, 0x74]
      var bytes = plain
      bytes.replaceSubrange(place + 1..<place + 2, with: [8] + part)
      return try TorchPickle(read(bytes + [0x2E]), path: "test.pt").namedTensors()
        .map { ($0.name, $0.leaf) }
    }
    guard case .view(let view) = try tensor(offset: 3, count: 4)[0].tensor else {
      throw FileError("test.pt", .missing("the view"))
    }
    #expect(view.span == 12..<28)
    #expect(
      failure { try tensor(offset: 3, count: 3) }.contains("does not lie within the 12 bytes"))
    #expect(failure { try tensor(offset: 5, count: 4) }.contains("as PyTorch never does"))
  }

  @Test func `an expanded view cannot make terabytes of four bytes`() throws {
    let scratch = try Scratch()
    // The old format's number, version and system come first.
    let old = try Fixture.bytes("pytorch/nested-legacy.pt")
    var start = ByteCursor(old, path: "test.pt")
    for _ in 0..<3 { _ = try PickleMachine.read(&start) }
    let keys = [0x5D] + Self.string("0") + [0x61, 0x2E]
    let data: [UInt8] = [4, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 16)
    func file(_ tensor: [UInt8]) throws -> FilePath {
      try scratch.write(Array(old[..<start.position]) + tensor + [0x2E] + keys + data)
    }
    try PyTorchArchive(file(Self.tensor())).readAll()
    let large = Self.tensor(extent: [0x8A, 6, 0, 0, 0, 0, 0, 1], stride: 0)
    let error = #expect(throws: FileError.self) { try PyTorchArchive(file(large)) }
    #expect(
      error?.message
        == "the bytes of all tensors together is 4398046511104, more than the 67108864 accepted",
      "\(error?.message ?? "")")
  }
}
