package import AlbertBytes
package import SystemPackage

/// A model of a few nodes, and for each data set what it is given and what must come out.
package struct NodeCase: Sendable {
  /// The test's name.
  package let name: String
  /// The difference that is allowed: `atol` and `rtol` times what is expected.
  package let rtol: Double
  package let atol: Double
  /// The model's bytes.
  package let model: [UInt8]
  /// The bytes of a model whose initialisers are the inputs and outputs.
  package let values: [UInt8]
  /// The number of data sets.
  package let sets: Int

  /// A case of these parts.
  package init(
    name: String, rtol: Double, atol: Double, model: [UInt8], values: [UInt8], sets: Int
  ) {
    self.name = name
    self.rtol = rtol
    self.atol = atol
    self.model = model
    self.values = values
    self.sets = sets
  }

  /// All cases of a file that Tests/Conformance/cases.py wrote.
  package static func all(in path: FilePath) throws(FileError) -> [NodeCase] {
    let file = try SourceFile(path)
    var cursor = try ByteCursor(file)
    var cases: [NodeCase] = []
    while !cursor.isAtEnd { cases.append(try one(&cursor)) }
    return cases
  }

  private static func one(_ cursor: inout ByteCursor) throws(FileError) -> NodeCase {
    var line: [UInt8] = []
    while case let byte = try cursor.byte("a case's first line"), byte != 0x0A {
      line.append(byte)
    }
    let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
    guard words.count == 6, let rtol = Double(words[1]), let atol = Double(words[2]),
      let model = Int(words[3]), let values = Int(words[4]), let sets = Int(words[5])
    else { throw cursor.malformed("a case begins with a line that is none") }
    return NodeCase(
      name: words[0], rtol: rtol, atol: atol, model: try cursor.bytes(model),
      values: try cursor.bytes(values), sets: sets)
  }
}
