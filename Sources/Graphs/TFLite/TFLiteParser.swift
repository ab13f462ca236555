internal import AlbertBytes
internal import AlbertTensors

/// Reads what a TensorFlow Lite file states.
struct TFLiteParser {
  private var buffer: FlatBuffer
  private let file: SourceFile

  /// The most values, operators and buffers that are accepted, far above any transformer's.
  private static let most = 1 << 16

  init(_ file: SourceFile) throws(FileError) {
    self.file = file
    buffer = try FlatBuffer(file)
  }

  /// Reads the model that fills the file: its first graph, beside which only branches and loops have more.
  mutating func model() throws(FileError) -> TFLiteModel {
    let root = try buffer.root()
    var model = TFLiteModel()
    model.version = Int(try buffer.number(root, 0, else: UInt32(0), "the version"))
    guard model.version == 3 else {
      throw FileError(
        file.path.string, .unsupported("version \(model.version) of TensorFlow Lite's format"))
    }
    var codes: [(name: String, isCustom: Bool)] = []
    for table in try buffer.tables(root, 1, "operator codes", most: Self.most) {
      // Codes above 127 stand in a field of their own, beside a placeholder.
      let old = Int(try buffer.number(table, 0, else: Int8(0), "an operator's code"))
      let code = Int(try buffer.number(table, 3, else: Int32(0), "an operator's code"))
      let name = TFLiteOperatorNames.name(max(old, code))
      let isCustom = name == "CUSTOM"
      codes.append((isCustom ? try buffer.text(table, 1, "an operator's name") : name, isCustom))
    }
    guard let graph = try buffer.tables(root, 2, "graphs", most: Self.most).first else {
      throw FileError(file.path.string, .missing("the graph of the TensorFlow Lite model"))
    }
    for table in try buffer.tables(root, 4, "buffers", most: Self.most) {
      model.buffers.append(try data(table))
    }
    for table in try buffer.tables(graph, 0, "values", most: Self.most) {
      model.values.append(try value(table))
    }
    model.inputs = try places(graph, 1, "the graph's inputs", model)
    model.outputs = try places(graph, 2, "the graph's outputs", model)
    for table in try buffer.tables(graph, 3, "operators", most: Self.most) {
      model.nodes.append(try node(table, codes, model))
    }
    for table in try buffer.tables(root, 7, "signatures", most: Self.most).prefix(1) {
      for list in [0, 1] {
        for entry in try buffer.tables(table, list, "names of a signature", most: Self.most) {
          let place = Int(try buffer.number(entry, 1, else: UInt32(0), "a value's place"))
          model.names[place] = try buffer.text(entry, 0, "a value's name")
        }
      }
    }
    return model
  }

  /// Where a buffer's data lie: in its table, or behind all tables where the file is larger than 2 GB.
  private mutating func data(_ table: FlatTable) throws(FileError) -> Range<Int> {
    if let range = try buffer.list(table, 0, size: 1, "a buffer"), !range.isEmpty { return range }
    let offset = try buffer.number(table, 1, else: UInt64(0), "a buffer's place")
    let size = try buffer.number(table, 2, else: UInt64(0), "a buffer's size")
    // An offset of 0 or 1 means that there is none.
    guard offset > 1 else { return 0..<0 }
    guard let start = Int(exactly: offset), let count = Int(exactly: size), start <= file.size,
      count <= file.size - start
    else {
      throw FileError(
        file.path.string, .malformed("a buffer lies behind the end of the file"),
        offset: table.offset)
    }
    return start..<start + count
  }

  private mutating func value(_ table: FlatTable) throws(FileError) -> TFLiteModel.Value {
    var value = TFLiteModel.Value()
    value.shape = try buffer.numbers(table, 0, of: Int32.self, "a shape").map(Int.init)
    value.code = Int(try buffer.number(table, 1, else: Int8(0), "an element type"))
    value.buffer = Int(try buffer.number(table, 2, else: UInt32(0), "a buffer's place"))
    value.name = try buffer.text(table, 3, "a value's name")
    value.isSparse = table.place(6) != nil
    value.signature = try buffer.numbers(table, 7, of: Int32.self, "a shape").map(Int.init)
    guard value.shape.count <= Shape.maxAxes, value.signature.count <= Shape.maxAxes else {
      throw FileError(
        file.path.string, .malformed("a value has more than \(Shape.maxAxes) axes"),
        offset: table.offset)
    }
    if let quantization = try buffer.table(table, 4, "a value's scales") {
      value.scales = try buffer.numbers(quantization, 2, of: UInt32.self, "scales").map {
        Float(bitPattern: $0)
      }
      value.zeroPoints = try buffer.numbers(quantization, 3, of: Int64.self, "zero points")
      value.axis = Int(try buffer.number(quantization, 6, else: Int32(0), "an axis"))
    }
    return value
  }

  private mutating func node(
    _ table: FlatTable, _ codes: [(name: String, isCustom: Bool)], _ model: TFLiteModel
  ) throws(FileError) -> TFLiteModel.Node {
    var node = TFLiteModel.Node()
    let place = Int(try buffer.number(table, 0, else: UInt32(0), "an operator's code"))
    guard place < codes.count else {
      throw FileError(
        file.path.string, .malformed("an operator has a code that is not listed"),
        offset: table.offset)
    }
    (node.name, node.isCustom) = codes[place]
    node.inputs = try places(table, 1, "an operator's inputs", model)
    node.outputs = try places(table, 2, "an operator's outputs", model)
    if let options = try buffer.table(table, 4, "an operator's settings") {
      for id in options.fields.indices where options.place(id) != nil {
        node.options.fields[id] = try field(options, id)
      }
      if ["RESHAPE", "SQUEEZE"].contains(node.name), options.place(0) != nil {
        node.options.list = try buffer.numbers(options, 0, of: Int32.self, "a list").map(Int.init)
      }
    }
    return node
  }

  /// Up to eight bytes of a field, whose size only the operator knows; the file may end before.
  private mutating func field(_ table: FlatTable, _ id: Int) throws(FileError) -> UInt64 {
    guard let place = table.place(id) else { return 0 }
    if place + 8 <= file.size {
      return try buffer.number(table, id, else: UInt64(0), "a setting")
    }
    if place + 4 <= file.size {
      return UInt64(try buffer.number(table, id, else: UInt32(0), "a setting"))
    }
    return UInt64(try buffer.number(table, id, else: UInt8(0), "a setting"))
  }

  /// Indices of values; -1 stands for a missing one.
  private mutating func places(
    _ table: FlatTable, _ id: Int, _ what: String, _ model: TFLiteModel
  ) throws(FileError) -> [Int] {
    let places = try buffer.numbers(table, id, of: Int32.self, what).map(Int.init)
    guard places.allSatisfy({ (-1..<model.values.count).contains($0) }) else {
      throw FileError(
        file.path.string, .malformed("\(what) are values that there are not"),
        offset: table.offset)
    }
    return places
  }
}
