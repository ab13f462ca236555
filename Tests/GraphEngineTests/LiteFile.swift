import AlbertBytes
import AlbertGraphs
import AlbertNodeCases
import SystemPackage

/// A small TensorFlow Lite file, right or wrong as a test wants it.
struct LiteFile {
  /// One operator: its code, and the places of its values.
  struct Operator {
    let code: Int
    var inputs: [Int32] = []
    var outputs: [Int32] = []
    /// Numbers of four bytes, by their place in the settings.
    var settings: [Int: Int32] = [:]
  }

  var values: [[Int32]] = [[2], [2], [2]]
  var operators: [Operator] = []
  var inputs: [Int32] = [0]
  var outputs: [Int32] = [1]
  /// Where the data of stored values lie in the file, by their places.
  var data: [Int: Range<Int32>] = [:]
  /// How many graphs there are, all alike.
  var graphs = 1

  /// What a field of a table holds.
  private indirect enum Field {
    case byte(Int8)
    case number(Int32)
    case integers([Int32])
    case text(String)
    case table([Int: Field])
    case tables([[Int: Field]])
  }

  /// The file's bytes.
  var bytes: [UInt8] {
    let stored = data.sorted { $0.key < $1.key }
    let graph: [Int: Field] = [
      0: .tables(
        values.enumerated().map { index, shape in
          let buffer = stored.firstIndex { $0.key == index }.map { Int32($0 + 1) } ?? 0
          return [0: .integers(shape), 1: .byte(0), 2: .number(buffer), 3: .text("value\(index)")]
        }),
      1: .integers(inputs), 2: .integers(outputs),
      3: .tables(
        operators.enumerated().map { index, node in
          [
            0: .number(Int32(index)), 1: .integers(node.inputs), 2: .integers(node.outputs),
            4: .table(node.settings.mapValues { .number($0) }),
          ]
        }),
    ]
    var writer = Writer()
    writer.model([
      0: .number(3),
      1: .tables(
        operators.map { [0: .byte(Int8(min(127, $0.code))), 3: .number(Int32($0.code))] }),
      2: .tables([[Int: Field]](repeating: graph, count: graphs)),
      4: .tables(
        [[:]]
          + stored.map { [1: .number($0.value.lowerBound), 2: .number(Int32($0.value.count))] }),
    ])
    return writer.bytes
  }

  /// The graph of the file.
  func model() throws -> GraphModel { try Self.opened(bytes) }

  /// The graph of a file of these bytes.
  static func opened(_ bytes: [UInt8]) throws -> GraphModel {
    let folder = try FileManagement.folder()
    defer { try? FileManagement.remove(folder) }
    let path = folder.appending("model.tflite")
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create], permissions: [.ownerReadWrite])
    try file.closeAfter { _ = try file.writeAll(bytes) }
    defer { try? FileManagement.remove(path) }
    return try TFLiteImporter.open(path)
  }

  /// Tables one after another, each before what it refers to.
  private struct Writer {
    var bytes: [UInt8] = []

    mutating func model(_ fields: [Int: Field]) {
      bytes = [0, 0, 0, 0] + Array("TFL3".utf8)
      refer(from: 0, to: table(fields))
    }

    private mutating func append<T: FixedWidthInteger>(_ number: T) {
      for byte in 0..<T.bitWidth / 8 {
        bytes.append(UInt8(truncatingIfNeeded: number >> T(8 * byte)))
      }
    }

    private mutating func refer(from place: Int, to target: Int) {
      for byte in 0..<4 {
        bytes[place + byte] = UInt8(truncatingIfNeeded: (target - place) >> (8 * byte))
      }
    }

    private mutating func table(_ fields: [Int: Field]) -> Int {
      let count = (fields.keys.max() ?? -1) + 1
      let start = bytes.count
      append(UInt16(4 + 2 * count))
      append(UInt16(4 + 8 * count))
      for id in 0..<count { append(UInt16(fields[id] == nil ? 0 : 4 + 8 * id)) }
      let table = bytes.count
      append(Int32(table - start))
      bytes += [UInt8](repeating: 0, count: 8 * count)
      for (id, field) in fields.sorted(by: { $0.key < $1.key }) {
        put(field, at: table + 4 + 8 * id)
      }
      return table
    }

    private mutating func put(_ field: Field, at place: Int) {
      switch field {
      case .byte(let number): bytes[place] = UInt8(bitPattern: number)
      case .number(let number):
        for byte in 0..<4 {
          bytes[place + byte] = UInt8(truncatingIfNeeded: number >> Int32(8 * byte))
        }
      case .integers(let numbers):
        refer(from: place, to: bytes.count)
        append(UInt32(numbers.count))
        for number in numbers { append(number) }
      case .text(let text):
        refer(from: place, to: bytes.count)
        append(UInt32(text.utf8.count))
        bytes += Array(text.utf8)
      case .table(let fields): refer(from: place, to: table(fields))
      case .tables(let tables):
        let list = bytes.count
        refer(from: place, to: list)
        append(UInt32(tables.count))
        bytes += [UInt8](repeating: 0, count: 4 * tables.count)
        for (index, fields) in tables.enumerated() {
          let target = table(fields)
          refer(from: list + 4 + 4 * index, to: target)
        }
      }
    }
  }
}
