internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertJSON
internal import AlbertTensors

/// Inputs as a JSON document: an object of `input_ids`, `attention_mask` and `token_type_ids`, or the
/// ids alone; each an array of numbers, of rows, or of choices of rows.
enum JSONInputs {
  /// The inputs in `file`.
  static func read(_ file: SourceFile) throws(FileError) -> ModelInputs {
    let path = file.path.string
    let document = try JSONValue.parse(file)
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
      guard let found = NestedNumbers(value) else {
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
}

/// Whole numbers in arrays of one length on each level.
private struct NestedNumbers {
  /// The lengths, outermost first, with a batch of one before a single row.
  let extents: [Int]
  /// The numbers, row-major.
  let values: [Int]

  init?(_ value: JSONValue) {
    guard let nested = Self.read(value), (1...3).contains(nested.extents.count) else { return nil }
    extents = nested.extents.count == 1 ? [1] + nested.extents : nested.extents
    values = nested.values
  }

  private static func read(_ value: JSONValue, level: Int = 0) -> (extents: [Int], values: [Int])? {
    if let number = value.integer { return ([], [number]) }
    guard level < 3, let elements = value.elements, !elements.isEmpty else { return nil }
    var extents: [Int]?
    var values: [Int] = []
    for element in elements {
      guard let inner = read(element, level: level + 1), extents == nil || extents == inner.extents
      else { return nil }
      extents = inner.extents
      values += inner.values
    }
    return ([elements.count] + (extents ?? []), values)
  }
}
