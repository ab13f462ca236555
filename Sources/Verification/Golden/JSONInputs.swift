internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertGraphEngine
internal import AlbertJSON
internal import AlbertTensors

/// Inputs as a JSON document: an object of `input_ids`, `attention_mask` and `token_type_ids`, or the
/// ids alone; each an array of numbers, of rows, or of choices of rows.
///
/// Of a graph it is an object of the graph's inputs, or the only one alone.
enum JSONInputs {
  /// The inputs in a document, which the file at `path` is.
  static func read(_ document: JSONValue, _ path: String) throws(FileError) -> ModelInputs {
    let ids = document.elements == nil ? document[InputName.inputIDs] : document
    guard let ids else {
      throw FileError(
        path, .missing("the member '\(InputName.inputIDs)'"),
        remedy: "write {\"input_ids\": [[2, 15, 99, 3]]}, or the ids alone: [2, 15, 99, 3]")
    }
    func array(
      _ value: JSONValue, _ name: String
    ) throws(FileError) -> ModelInputs.StoredArray {
      guard let nested = NestedArray(value, levels: 3), let found = nested.numbers else {
        throw FileError(
          path,
          .malformed("'\(name)' is no array of whole numbers, or its rows differ in length"),
          remedy: "pad short rows, and mark the padding with 0 in attention_mask")
      }
      return found
    }
    return try ModelInputs(
      try array(ids, InputName.inputIDs), path: path
    ) { (name) throws(FileError) in
      guard let value = document[name], value != .null else { return nil }
      return try array(value, name)
    }
  }

  /// An array of numbers or of truth values, for a graph.
  static func value(
    _ value: JSONValue, _ name: String, _ path: String
  ) throws(FileError) -> GraphValue {
    guard let nested = NestedArray(value, levels: 8), let shape = Shape(checking: nested.extents)
    else {
      throw FileError(
        path, .malformed("'\(name)' is no array of numbers, or its rows differ in length"))
    }
    let flags = nested.elements.compactMap(\.bool)
    if flags.count == shape.count, shape.count > 0 { return GraphValue(flags, shape) }
    let integers = nested.elements.compactMap(\.integer)
    if integers.count == shape.count { return GraphValue(integers.map(Int64.init), .int64, shape) }
    let numbers = nested.elements.compactMap(\.double)
    guard numbers.count == shape.count else {
      throw FileError(path, .malformed("'\(name)' mixes numbers with something else"))
    }
    return GraphValue(numbers, .float64, shape)
  }
}

extension ModelInputs {
  /// An array of a file: its shape, and its numbers row by row.
  typealias StoredArray = (shape: Shape, values: [Int])

  /// The token ids of a file, with what `array` reads of the mask and the segments by their names: each of
  /// the ids' shape, of which a single row is a batch of one.
  init(
    _ ids: StoredArray, path: String, _ array: (String) throws(FileError) -> StoredArray?
  ) throws(FileError) {
    func values(_ name: String) throws(FileError) -> [Int]? {
      guard let found = try array(name) else { return nil }
      guard found.shape == ids.shape else {
        throw FileError(
          path,
          .mismatch(
            of: "the shape of '\(name)'", expected: ids.shape.description,
            found: found.shape.description),
          remedy: "save the inputs with one shape for all three arrays")
      }
      return found.values
    }
    let mask = try values(InputName.attentionMask)
    let segments = try values(InputName.tokenTypeIDs)
    do throws(InputProblem) {
      self = try ModelInputs(
        inputIDs: ids.values,
        shape: ids.shape.rank == 1 ? Shape([1] + ids.shape.dimensions) : ids.shape,
        attentionMask: mask, tokenTypeIDs: segments)
    } catch {
      throw error.fileError(path: path)
    }
  }
}

/// What arrays of one length on each level hold.
private struct NestedArray {
  /// The lengths, outermost first; none of a single element.
  let extents: [Int]
  /// The elements, row-major.
  let elements: [JSONValue]

  /// Whole numbers, with a batch of one around a single row; nil where they are none, or there are none.
  var numbers: ModelInputs.StoredArray? {
    let values = elements.compactMap(\.integer)
    guard values.count == elements.count, !values.isEmpty, !extents.isEmpty else { return nil }
    return Shape(checking: extents.count == 1 ? [1] + extents : extents).map { ($0, values) }
  }

  /// Reads arrays in arrays, at most so many levels of them; nil where their lengths differ.
  init?(_ value: JSONValue, levels: Int) {
    guard let rows = value.elements else {
      guard value.members == nil else { return nil }
      (extents, elements) = ([], [value])
      return
    }
    guard levels > 0 else { return nil }
    var inner: [Int]?
    var elements: [JSONValue] = []
    for row in rows {
      guard let part = NestedArray(row, levels: levels - 1), inner ?? part.extents == part.extents
      else { return nil }
      inner = part.extents
      elements += part.elements
    }
    extents = [rows.count] + (inner ?? [])
    self.elements = elements
  }
}
