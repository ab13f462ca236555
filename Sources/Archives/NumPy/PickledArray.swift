internal import AlbertBytes
internal import AlbertTensors

/// An array as a pickle describes it, and where its data lies.
struct PickledArray {
  let type: NumPyType
  let shape: Shape
  let isColumnMajor: Bool
  /// The data in the file.
  let range: Range<Int>
  /// Whether the data is a text, one character for each byte.
  let isText: Bool

  /// The array that `value` is, alone or beside its own name as Paddle keeps variables; nil for
  /// anything else.
  init?(_ value: PickleValue, in tree: PickleTree, path: String) throws(FileError) {
    let reader = Reader(tree: tree, path: path)
    let value = reader.withoutName(value)
    guard let function = tree.function(value) else { return nil }
    guard Self.isMaker(function) else { return nil }
    if function.hasSuffix("_reconstruct") {
      guard case .node(let place) = value, let state = tree.tuple(tree.nodes[place].state),
        state.count == 5, case .bool(let isColumnMajor) = state[3]
      else { throw reader.malformed }
      self = try reader.array(shape: state[1], type: state[2], isColumnMajor, data: state[4])
    } else {
      guard let arguments = tree.arguments(value), arguments.count == 4 else {
        throw reader.malformed
      }
      self = try reader.array(
        shape: arguments[2], type: arguments[1], tree.text(arguments[3]) == "F",
        data: arguments[0])
    }
  }

  /// Whether a function makes arrays.
  static func isMaker(_ function: String) -> Bool {
    function.hasPrefix("numpy.")
      && (function.hasSuffix(".multiarray._reconstruct")
        || function.hasSuffix(".numeric._frombuffer"))
  }

  private init(
    type: NumPyType, shape: Shape, isColumnMajor: Bool, range: Range<Int>, isText: Bool
  ) {
    self.type = type
    self.shape = shape
    self.isColumnMajor = isColumnMajor
    self.range = range
    self.isText = isText
  }

  private struct Reader {
    let tree: PickleTree
    let path: String

    var malformed: FileError {
      FileError(path, .malformed("the pickle describes an array as NumPy never does"))
    }

    /// The second of `tuple((name, array))`.
    func withoutName(_ value: PickleValue) -> PickleValue {
      guard let function = tree.function(value),
        function.hasSuffix("builtin__.tuple")
          || function == "builtins.tuple"
      else { return value }
      guard let pair = tree.arguments(value)?.first.flatMap({ tree.tuple($0) }), pair.count == 2,
        tree.text(pair[0]) != nil
      else { return value }
      return pair[1]
    }

    func array(
      shape: PickleValue, type: PickleValue, _ isColumnMajor: Bool, data: PickleValue
    ) throws(FileError) -> PickledArray {
      guard let dimensions = tree.tuple(shape)?.map({ tree.integer($0) }),
        dimensions.allSatisfy({ $0 != nil }),
        let shape = Shape(checking: dimensions.compactMap { $0 }), let type = self.type(type),
        let (range, isText) = bytes(data)
      else { throw malformed }
      let array = PickledArray(
        type: type, shape: shape, isColumnMajor: isColumnMajor, range: range, isText: isText)
      if let size = type.size, type.type != .opaque, !isText {
        guard shape.count.multiplied(by: size) == range.count else { throw malformed }
      }
      return array
    }

    /// `dtype('f4', False, True)` with the state `(3, '<', …)`.
    private func type(_ value: PickleValue) -> NumPyType? {
      guard tree.function(value) == "numpy.dtype",
        let code = tree.arguments(value)?.first.flatMap({ tree.text($0) }),
        case .node(let place) = value
      else { return nil }
      let state = tree.tuple(tree.nodes[place].state) ?? []
      let order = state.count > 1 ? tree.text(state[1]) : nil
      return NumPyType(code: code, order: order ?? "|")
    }

    /// Where an array's bytes lie, and whether as text.
    private func bytes(_ value: PickleValue) -> (Range<Int>, Bool)? {
      if tree.function(value) == "_codecs.encode" {
        guard let arguments = tree.arguments(value), let text = arguments.first,
          arguments.count < 2 || tree.text(arguments[1]) == "latin1"
        else { return nil }
        return bytes(text)
      }
      // Protocol 5 wraps what may be written to.
      if tree.function(value) == "builtins.bytearray", let first = tree.arguments(value)?.first {
        return bytes(first)
      }
      guard case .node(let place) = value else { return nil }
      let node = tree.nodes[place]
      guard node.kind == .blob || node.kind == .text else { return nil }
      return (node.range, node.isUnicode)
    }
  }
}
