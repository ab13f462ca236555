internal import AlbertBytes
internal import CAlbertJSONC

/// A document that json-c built, freed with its owner.
@safe struct JSONCDocument: ~Copyable {
  private let tokener: UnsafeMutablePointer<json_tokener>
  // Nil for the document `null`.
  private let root: OpaquePointer?

  /// Builds the tree of a text that passed the strict scan.
  init(_ text: [UInt8]) {
    // Room for one level more than the scan lets through.
    guard let tokener = unsafe json_tokener_new_ex(Int32(JSONValue.maxLevels + 1)) else {
      preconditionFailure("no memory for json-c's parser")
    }
    unsafe self.tokener = tokener
    unsafe json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8)
    // A closing zero tells json-c that a number at the very end is complete; most texts need no copy
    // for it.
    let isClosed = text.last == UInt8(ascii: "}") || text.last == UInt8(ascii: "]")
    unsafe root = (isClosed ? text : text + [0]).withUnsafeBytes {
      unsafe json_tokener_parse_ex(
        tokener, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count))
    }
  }

  deinit {
    unsafe _ = json_object_put(root)
    unsafe json_tokener_free(tokener)
  }

  /// What json-c has against the text; nil where it read all of it.
  var complaint: String? {
    let error = unsafe json_tokener_get_error(tokener)
    return unsafe error == json_tokener_success
      ? nil : String(cString: json_tokener_error_desc(error))
  }

  /// The document as a value.
  func value() -> JSONValue? { unsafe Self.value(of: root) }

  private static func value(of node: OpaquePointer?) -> JSONValue? {
    guard let node = unsafe node else { return .null }
    let kind = unsafe json_object_get_type(node)
    switch kind {
    case json_type_boolean: return unsafe .bool(json_object_get_boolean(node) != 0)
    case json_type_int: return unsafe .integer(json_object_get_int64(node))
    case json_type_double: return unsafe .number(json_object_get_double(node))
    case json_type_string:
      return unsafe text(json_object_get_string(node), node).map(JSONValue.string)
    case json_type_array: return unsafe array(node)
    case json_type_object: return unsafe object(node)
    default: return nil
    }
  }

  private static func text(_ start: UnsafePointer<CChar>?, _ node: OpaquePointer) -> String? {
    // By length: a string may hold U+0000.
    let count = unsafe Int(json_object_get_string_len(node))
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
    return unsafe String(validating: bytes, as: UTF8.self)
  }

  private static func array(_ node: OpaquePointer) -> JSONValue? {
    let count = unsafe json_object_array_length(node)
    var elements: [JSONValue] = []
    elements.reserveCapacity(count)
    for index in 0..<count {
      guard let element = unsafe value(of: json_object_array_get_idx(node, index)) else {
        return nil
      }
      elements.append(element)
    }
    return .array(elements)
  }

  private static func object(_ node: OpaquePointer) -> JSONValue? {
    var members: [JSONMember] = []
    members.reserveCapacity(unsafe Int(json_object_object_length(node)))
    var place = unsafe json_object_iter_begin(node)
    var end = unsafe json_object_iter_end(node)
    while unsafe json_object_iter_equal(&place, &end) == 0 {
      guard let name = unsafe json_object_iter_peek_name(&place),
        let key = unsafe String(validatingCString: name),
        let value = unsafe value(of: json_object_iter_peek_value(&place))
      else { return nil }
      members.append(JSONMember(key, value))
      unsafe json_object_iter_next(&place)
    }
    return .object(members)
  }
}
