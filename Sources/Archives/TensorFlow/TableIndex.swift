internal import AlbertBytes
internal import AlbertTensors

/// What a table of the first format holds: the list of all tensors under the empty key, and one
/// entry for each slice (tensorflow/core/util/saved_tensor_slice.proto).
struct TableIndex: Sendable {
  /// A tensor as the list names it.
  struct Tensor: Sendable {
    var name = ""
    var type = TensorFlowDataType(number: 0)
    var shape = Shape([])
    var slices: [TensorSlice] = []
  }

  private(set) var tensors: [Tensor] = []
  /// The value of each slice, a `SavedTensorSlices` that is not yet read further.
  private var slices: [[UInt8]: Range<Int>] = [:]
  private let file: SourceFile

  /// Tensors and slices that are accepted; a model has some hundred.
  private static let most = 1 << 16

  /// Reads the whole file, checking every block.
  init(_ file: SourceFile) throws(FileError) {
    self.file = file
    var isFirst = true
    try SortedTable(file).forEachEntry { (key, value) throws(FileError) in
      defer { isFirst = false }
      guard isFirst == key.isEmpty else {
        throw value.malformed("the first entry is not the list of tensors")
      }
      if isFirst {
        try list(value)
      } else {
        try FileError.limit(
          slices.count + 1, "the number of slices", most: Self.most, in: value.path)
        slices[key] = value.position..<value.end
      }
    }
  }

  /// Takes the values of one slice of `tensor`.
  mutating func takeValues(
    of slice: TensorSlice, _ tensor: Tensor, count: Int
  ) throws(FileError) -> TableValues {
    let key = SliceKey.encode(Array(tensor.name.utf8), slice)
    guard let range = slices.removeValue(forKey: key) else {
      throw FileError(
        file.path.string, .missing("the entry of slice '\(slice.text)'"), tensor: tensor.name)
    }
    var reader = ProtobufReader(try ByteCursor(file, range: range))
    var values: TableValues?
    while let field = try reader.next() {
      guard field.number == 2 else { continue }
      try reader.message(field, "a slice") { (reader) throws(FileError) in
        while let field = try reader.next() {
          guard field.number == 3 else { continue }
          guard values == nil else { throw field.malformed("a slice has two values") }
          values = try TableValues(&reader, field, of: tensor.type, count: count)
        }
      }
    }
    guard let values else {
      throw FileError(
        file.path.string, .malformed("slice '\(slice.text)' has no value"),
        offset: range.lowerBound, tensor: tensor.name)
    }
    return values
  }

  /// Throws where an entry belongs to no tensor of the list.
  func checkAllTaken() throws(FileError) {
    guard let key = slices.keys.min(by: { $0.lexicographicallyPrecedes($1) }) else { return }
    throw FileError(
      file.path.string, .malformed("an entry belongs to no tensor of the list"),
      tensor: SliceKey.name(in: key))
  }

  private mutating func list(_ value: ByteCursor) throws(FileError) {
    var reader = ProtobufReader(value)
    while let field = try reader.next() {
      guard field.number == 1 else { continue }
      // The header of the second format has a number in this place.
      guard case .bytes = field.value else {
        throw FileError(
          field.path, .malformed("this is the index of a checkpoint under another name"),
          offset: field.offset, remedy: "give it its own name back, which ends in .index")
      }
      try reader.message(field, "the list of tensors") { (reader) throws(FileError) in
        while let field = try reader.next() {
          switch field.number {
          case 1:
            try FileError.limit(
              tensors.count + 1, "the number of tensors", most: Self.most, in: field.path)
            tensors.append(try Self.tensor(&reader, field))
          case 2: try BundleHeader.checkVersion(&reader, field)
          default: break
          }
        }
      }
    }
  }

  private static func tensor(
    _ reader: inout ProtobufReader, _ field: ProtobufField
  ) throws(FileError) -> Tensor {
    try reader.message(field, "a tensor") { (reader) throws(FileError) in
      var once = ProtobufOnce()
      var tensor = Tensor()
      while let field = try reader.next() {
        if (1...3).contains(field.number) { try once.check(field, "a field of a tensor") }
        switch field.number {
        case 1: tensor.name = try reader.string(field, "the name")
        case 2: tensor.shape = try TensorFlowMessage.shape(&reader, field)
        case 3: tensor.type = TensorFlowDataType(number: try field.count("the element type"))
        case 4: tensor.slices.append(try TensorFlowMessage.slice(&reader, field))
        default: break
        }
      }
      return tensor
    }
  }
}
