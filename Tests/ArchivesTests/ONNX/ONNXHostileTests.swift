import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// Damaged models end in an error or in tensors, never otherwise.
@Suite struct ONNXHostileTests {
  /// A field with bytes.
  func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
    varint(UInt64(number << 3 | 2)) + varint(UInt64(bytes.count)) + bytes
  }

  /// A field with a number.
  func field(_ number: Int, _ value: Int) -> [UInt8] {
    varint(UInt64(number << 3)) + varint(UInt64(bitPattern: Int64(value)))
  }

  func field(_ number: Int, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

  private func varint(_ value: UInt64) -> [UInt8] {
    var value = value
    var bytes: [UInt8] = []
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    return bytes + [UInt8(value)]
  }

  /// What opening and reading a model of these initializers, nodes and further fields says.
  func outcome(
    initializers: [[UInt8]] = [], nodes: [[UInt8]] = [], graph: [UInt8] = [], model: [UInt8] = []
  ) throws -> String {
    let content =
      nodes.flatMap { field(1, $0) } + initializers.flatMap { field(5, $0) } + graph
    let scratch = try Scratch()
    let path = try scratch.write(field(1, 8) + field(7, content) + model, "model.onnx")
    return failure { try ArchiveRegistry.open(path).readAll() }
  }

  private func tensor(
    _ name: String, _ dimensions: [Int], type: Int = 1, _ data: [UInt8] = []
  ) -> [UInt8] {
    dimensions.flatMap { field(1, $0) } + field(2, type) + field(8, name) + data
  }

  private func node(_ operation: String, _ inputs: [String], _ outputs: [String]) -> [UInt8] {
    inputs.flatMap { field(1, $0) } + outputs.flatMap { field(2, $0) } + field(4, operation)
  }

  @Test(arguments: ["every-type", "unpacked", "quantized"])
  func everyTruncationIsAnError(_ name: String) throws {
    let bytes = try Fixture.bytes("onnx/\(name).onnx")
    let scratch = try Scratch()
    for length in 0..<bytes.count {
      let path = try scratch.write(Array(bytes[..<length]), "model.onnx")
      do {
        try ArchiveRegistry.open(path).readAll()
        // A cut between two of the outermost fields leaves a smaller model, once it has its graph.
        #expect(bytes.count - length < 64, "\(length)")
      } catch is FileError {
      }
    }
  }

  @Test(arguments: ["every-type", "unpacked", "functions", "quantized", "external"])
  func changedBytesNeverTrap(_ name: String) throws {
    let bytes = try Fixture.bytes("onnx/\(name).onnx")
    let scratch = try Scratch()
    try scratch.write(Fixture.bytes("onnx/external.data"), "external.data")
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= [0x01, 0x08, 0x80, 0xFF][index % 4]
      let path = try scratch.write(damaged, "model.onnx")
      do { try ArchiveRegistry.open(path).readAll() } catch is FileError {}
    }
  }

  @Test func sizesThatDisagreeAreRefused() throws {
    #expect(try outcome(initializers: [tensor("w", [], field(9, [0, 0, 0, 0]))]) == "no error")
    #expect(
      try outcome(initializers: [tensor("w", [2], field(9, [0, 0, 0, 0]))]).contains(
        "the bytes of float32 [2]: expected 8, found 4 in tensor 'w'"))
    #expect(
      try outcome(initializers: [tensor("w", [1 << 40, 1 << 40])]).contains("is out of range"))
    #expect(
      try outcome(initializers: [tensor("w", [-1])]).contains("the shape [-1] is out of range"))
    #expect(
      try outcome(initializers: [tensor("w", [1 << 50], type: 6, field(5, [1, 2]))]).contains(
        "the file ends inside the data of [1125899906842624]"))
    #expect(
      try outcome(initializers: [tensor("w", [3], type: 6, field(5, [1, 2]))]).contains(
        "the bytes of int32 [3]: expected 12, found 8"))
    #expect(
      try outcome(initializers: [tensor("w", [1], type: 6, field(5, [1, 2, 3]))]).contains(
        "the bytes of int32 [1]: expected 4, found more"))
    #expect(
      try outcome(initializers: [tensor("w", [1], type: 3, field(5, [0x80, 1]))]).contains(
        "the element 128 is no int8"))
    #expect(
      try outcome(initializers: [tensor("w", [1], field(4, [0, 0]))]).contains(
        "packed numbers end within an element"))
    #expect(
      try outcome(initializers: [tensor("w", [1], type: 3, field(4, [0, 0, 0, 0]))]).contains(
        "int8 elements stand in the wrong field"))
    #expect(
      try outcome(initializers: [tensor("w", [0], type: 99)]).contains(
        "element type 99 does not exist"))
    #expect(
      try outcome(
        initializers: [tensor("w", [1], field(4, [0, 0, 0, 0]) + field(9, [0, 0, 0, 0]))]
      ).contains("a tensor states its elements in two ways"))
  }

  @Test func namesAreUnique() throws {
    let one = tensor("w", [], field(9, [0, 0, 0, 0]))
    #expect(
      try outcome(initializers: [one, one]).contains("two tensors have one name in tensor 'w'"))
    #expect(try outcome(initializers: [tensor("", [0])]).contains("an initializer has no name"))
    #expect(
      try outcome(initializers: [one], nodes: [node("Identity", ["x"], ["w"])]).contains(
        "two nodes give values of one name"))
  }

  @Test func placesOfExternalDataAreChecked() throws {
    func external(_ entries: [(String, String)], _ further: [UInt8] = []) throws -> String {
      let places = entries.flatMap { field(13, field(1, $0.0) + field(2, $0.1)) }
      return try outcome(initializers: [tensor("w", [2], places + field(14, 1) + further)])
    }
    #expect(try external([]).contains("external data state no location in tensor 'w'"))
    #expect(
      try external([("location", "/etc/passwd")]).contains("not inside the model's own folder"))
    #expect(try external([("location", "model.onnx"), ("offset", "-1")]).contains("is '-1'"))
    #expect(
      try external([("location", "model.onnx"), ("offset", "9223372036854775807")]).contains(
        "the file ends inside the tensor's data"))
    #expect(
      try external([("location", "model.onnx"), ("length", "4")]).contains(
        "the bytes of float32 [2]: expected 8, found 4"))
    #expect(
      try external([("location", "model.onnx"), ("location", "x")]).contains("'location' twice"))
    #expect(
      try external([("location", "model.onnx")], field(9, [0])).contains("in two ways"))
  }

  @Test func theDigestOfADataFileIsVerified() throws {
    let scratch = try Scratch()
    func read(stating digest: String, _ data: [UInt8]) throws {
      let places = [("location", "w.bin"), ("checksum", digest)].flatMap {
        field(13, field(1, $0.0) + field(2, $0.1))
      }
      let content = field(5, tensor("w", [2], places + field(14, 1)))
      try scratch.write(data, "w.bin")
      try ArchiveRegistry.open(
        try scratch.write(field(1, 8) + field(7, content), "model.onnx")
      ).readAll()
    }
    let data = (0..<8).map { UInt8($0) }
    // By sha1sum.
    let digest = "67423ebfa8454f19ac6f4686d6c0dc731a3ddd6b"
    try read(stating: digest, data)
    try read(stating: digest.uppercased(), data)
    #expect(
      failure { try read(stating: digest, [0, 1, 2, 3, 4, 5, 6, 8]) }.contains(
        "the data file does not match its checksum: expected \(digest), found"))
    // Of another length it is no SHA-1, of which alone ONNX speaks.
    try read(stating: "crc:1", data)
  }

  @Test func sparseTensorsAreRefused() throws {
    #expect(try outcome(graph: field(15, [])).contains("a sparse tensor is not supported"))
    let values = tensor("pooler.weight", [2], field(9, [UInt8](repeating: 0, count: 8)))
    let named = try outcome(graph: field(15, field(1, values)))
    #expect(named.contains("a sparse tensor is not supported in tensor 'pooler.weight'"))
  }

  @Test func nestingIsBounded() throws {
    var graph: [UInt8] = []
    for _ in 0..<2000 {
      graph = field(1, field(4, "If") + field(5, field(1, "then_branch") + field(6, graph)))
    }
    #expect(try outcome(graph: graph).contains("the nesting of messages is 101"))
  }

  @Test func manyTinyNodesStayBounded() throws {
    let nodes = [[UInt8]](repeating: field(4, "A"), count: 65_537)
    #expect(try outcome(nodes: nodes).contains("the number of nodes is 65537"))
    let empty = [[UInt8]](repeating: [], count: 2)
    #expect(try outcome(nodes: empty).contains("a node names no operator"))
  }

  @Test func quantisationThatDoesNotFitIsLeftAlone() throws {
    let q = tensor("q", [2, 2], type: 3, field(9, [1, 2, 3, 4]))
    // Three scales for an axis of two, and a zero point with a fraction.
    let scales = tensor("s", [3], field(9, [UInt8](repeating: 0, count: 12)))
    let scale = tensor("s", [], field(9, [0, 0, 0x80, 0x3F]))
    let zero = tensor("z", [], field(9, [0, 0, 0, 0x3F]))
    #expect(
      try outcome(
        initializers: [q, scales], nodes: [node("DequantizeLinear", ["q", "s"], ["w"])])
        == "no error")
    #expect(
      try outcome(
        initializers: [q, scale, zero], nodes: [node("DequantizeLinear", ["q", "s", "z"], ["w"])])
        == "no error")
  }
}
