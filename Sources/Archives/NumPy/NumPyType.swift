internal import AlbertBytes
internal import AlbertTensors

/// An element type as NumPy writes it: byte order, kind and size, such as `<f4`.
struct NumPyType: Equatable {
  /// As written.
  let word: String
  /// The type; `opaque` for what has none here.
  let type: ElementType
  /// Bytes per element; nil where the file does not fix them (Python objects, structures).
  let size: Int?
  /// The bytes of the numbers that are swapped, where they are big-endian; else nil.
  let swapUnit: Int?

  private init(_ word: String, _ type: ElementType, size: Int?, swapUnit: Int? = nil) {
    self.word = word
    self.type = type
    self.size = size
    self.swapUnit = swapUnit
  }

  /// Whether elements are Python objects, which are pickled.
  var isObject: Bool { word.hasSuffix("O") && size == nil }

  private static let structure = "a structure"

  private static let known: [String: ElementType] = [
    "b1": .bool, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "u1": .uint8,
    "u2": .uint16, "u4": .uint32, "u8": .uint64, "f2": .float16, "f4": .float32, "f8": .float64,
    "c8": .complex64,
  ]

  /// NumPy's word for an element type; bfloat16 is two bytes without meaning there.
  static func word(of type: ElementType) -> String {
    guard let code = known.first(where: { $0.value == type })?.key else { return "|V\(type.size)" }
    return (type.size == 1 ? "|" : "<") + code
  }

  /// The type of a header's `descr`; nil where it is not one.
  init?(_ descr: PythonLiteral) {
    switch descr {
    case .string(let word):
      guard let type = Self.parse(word) else { return nil }
      self = type
    case .list, .tuple: self.init(Self.structure, .opaque, size: nil)
    default: return nil
    }
  }

  /// The type that a pickled `numpy.dtype` states by its code, such as `f4`, and its byte order.
  init?(code: String, order: String) {
    guard let type = Self.parse((order == "=" ? "<" : order) + code) else { return nil }
    self = type
  }

  private static func parse(_ word: String) -> NumPyType? {
    guard let order = word.unicodeScalars.first, ["<", ">", "|"].contains(order) else {
      return nil
    }
    let code = String(word.unicodeScalars.dropFirst())
    guard let kind = code.unicodeScalars.first else { return nil }
    if code == "O" { return NumPyType(word, .opaque, size: nil) }
    // A date or a span of time, perhaps with its unit in brackets.
    if code.hasPrefix("M8") || code.hasPrefix("m8") { return NumPyType(word, .opaque, size: 8) }
    let digits = code.dropFirst()
    guard digits.utf8.count <= 9, let size = Int(digits), size >= 0, digits == "\(size)" else {
      return nil
    }
    switch kind {
    case "b", "i", "u", "f", "c":
      let unit = kind == "c" ? size / 2 : size
      guard order != "|" || unit == 1 else { return nil }
      return NumPyType(
        word, known[code] ?? .opaque, size: size,
        swapUnit: order == ">" && unit > 1 ? unit : nil)
    case "S", "V": return NumPyType(word, .opaque, size: size)
    case "U": return NumPyType(word, .opaque, size: 4 * size)
    default: return nil
    }
  }

  /// Why elements of the type cannot be read, and what to do about it.
  var reason: (problem: String, remedy: Remedy) {
    switch word.dropFirst() {
    case "O":
      (
        "an array of Python objects, which only running code from the file could read,",
        "save the array again with a numeric type"
      )
    case "V2":
      (
        "the type '\(word)', as NumPy stores bfloat16 without saying so,",
        "save the array as float32, or all of them as safetensors, which names bfloat16 (in MLX with "
          + "mx.save_safetensors)"
      )
    default:
      (
        word == Self.structure ? "an array of structures" : "the type '\(word)'",
        "save the array again as float32"
      )
    }
  }

  /// That arrays are two bytes each of which NumPy does not say what they are, once for all of a file.
  static func unstated(_ names: [String], _ type: (String) -> NumPyType?) -> [ArchiveNote] {
    let found = names.sorted().filter { type($0)?.word.dropFirst() == "V2" }
    guard let first = found.first, let reason = type(first)?.reason else { return [] }
    return [
      ArchiveNote(
        .warning, code: "unreadable-tensor",
        message:
          "cannot be read, being of \(reason.problem.dropLast()): \(found.counted())",
        remedy: reason.remedy, tensor: first)
    ]
  }
}
