import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@Suite struct NumPyPickleTests {
  /// What `pickle.dump` makes of the same arrays in each protocol.
  @Test(arguments: ["protocol-2.pdparams", "protocol-4.pdparams", "protocol-5.pkl"])
  func readsArraysOfEveryProtocol(_ name: String) throws {
    let archive = try ArchiveRegistry.open(Fixture.path("numpy/\(name)"))
    #expect(archive.format == "numpy-pickle")
    let expected: [(String, ElementType, [Int])] = [
      ("a.weight", .float32, [3, 2]), ("a.bias", .float16, [4]), ("b.columns", .float64, [2, 3]),
      ("b.swapped", .int32, [2]), ("c", .float32, [1500]), ("named", .float32, [2]),
    ]
    #expect(archive.tensors.map(\.name) == expected.map(\.0))
    for (tensor, (name, type, shape)) in zip(archive.tensors, expected) {
      #expect(tensor.type == type, "\(name)")
      #expect(tensor.shape.dimensions == shape, "\(name)")
      let bytes = try archive.bytes(of: tensor)
      // Every array counts up from 0 in row-major order.
      let numbers = (0..<tensor.shape.count).map { index in
        switch type {
        case .float32: littleEndian(Float(index).bitPattern)
        case .float16: littleEndian(Float16(index).bitPattern)
        case .float64: littleEndian(Double(index).bitPattern)
        default: littleEndian(UInt32(index))
        }
      }
      #expect(bytes == numbers.flatMap { $0 }, "\(name)")
    }
    #expect(archive.notes.isEmpty)
    try archive.finish()
  }

  @Test func refusesWhatIsNoArray() throws {
    let scratch = try Scratch()
    try scratch.write([0x80, 0x02, 0x5D, 0x2E], "model.pdparams")
    #expect(
      failure { try ArchiveRegistry.open(scratch.folder) }.hasSuffix(
        "the pickle holds no array; name the file that holds the model's weights"))
  }

  @Test func damageIsFound() throws {
    let whole = try Fixture.bytes("numpy/protocol-4.pdparams")
    let scratch = try Scratch()
    for length in stride(from: 1, to: whole.count, by: 7) {
      try scratch.write(Array(whole[..<length]), "cut.pdparams")
      #expect(
        failure { try ArchiveRegistry.open(scratch.folder.appending("cut.pdparams")) }
          != "no error", "\(length)")
    }
  }

  private func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
