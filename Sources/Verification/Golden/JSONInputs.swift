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
    var arrays: [String: NestedNumbers] = [InputName.inputIDs: try numbers(ids, InputName.inputIDs)]
    for name in [InputName.attentionMask, InputName.tokenTypeIDs] {
      if let value = document[name], value != .null { arrays[name] = try numbers(value, name) }
    }
    func numbers(_ value: JSONValue, _ name: String) throws(FileError) -> NestedNumbers {
      guard let nested = NestedArray(value, levels: 3), let found = NestedNumbers(nested) else {
        throw FileError(
          path,
          .malformed("'\(name)' is no array of whole numbers, or its rows differ in length"),
          remedy: "pad short rows, and mark the padding with 0 in attention_mask")
      }
      return found
    }
    guard let ids = arrays[InputName.inputIDs], let shape = Shape(checking: ids.extents) else {
      throw FileError(path, .malformed("the inputs' shape is out of range"))
    }
    for (name, array) in arrays where array.extents != ids.extents {
      throw FileError(
        path,
        .mismatch(
          of: "the shape of '\(name)'", expected: shape.description,
          found: "\(array.extents)"),
        remedy: "save the inputs with one shape for all three arrays")
    }
    do throws(InputProblem) {
      return try ModelInputs(
        inputIDs: ids.values, shape: shape, attentionMask: arrays[InputName.attentionMask]?.values,
        tokenTypeIDs: arrays[InputName.tokenTypeIDs]?.values)
    } catch {
      throw error.fileError(path: path)
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

/// Whole numbers in arrays of one length on each level.
private struct NestedNumbers {
  /// The lengths, outermost first, with a batch of one before a single row.
  let extents: [Int]
  /// The numbers, row-major.
  let values: [Int]

  /// The numbers of an array of one to three levels; nil where they are none, or there are none.
  init?(_ nested: NestedArray) {
    values = nested.elements.compactMap(\.integer)
    guard values.count == nested.elements.count, !values.isEmpty, !nested.extents.isEmpty else {
      return nil
    }
    extents = nested.extents.count == 1 ? [1] + nested.extents : nested.extents
  }
}

/// What arrays of one length on each level hold.
private struct NestedArray {
  /// The lengths, outermost first; none of a single element.
  let extents: [Int]
  /// The elements, row-major.
  let elements: [JSONValue]

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
