import AlbertTensors
import Testing

@testable import AlbertArchives

@Suite struct ONNXColumnsTests {
  @Test(arguments: [2, 6, 14, 16, 1000]) func columnsAreTheSameInAnyWindows(_ window: Int) {
    // 9 rows of 7 elements of 2 bytes; columns 2, 3 and 4.
    let tensor = TensorDescription(name: "whole", type: .float16, shape: Shape([9, 7]))
    let columns = ONNXColumns(name: "part", range: 2..<5)
    #expect(
      columns.description(of: tensor)
        == TensorDescription(name: "part", type: .float16, shape: Shape([9, 3])))
    let bytes = (0..<126).map { UInt8($0) }
    var filter = ONNXColumnFilter(columns, of: tensor)
    var result: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: window) {
      let part = Array(bytes[start..<min(bytes.count, start + window)])
      result += unsafe filter(part.span.bytes)
    }
    let expected: [UInt8] = (0..<9).flatMap { row -> [UInt8] in
      (4..<10).map { byte -> UInt8 in UInt8(14 * row + byte) }
    }
    #expect(result == expected)
  }
}
