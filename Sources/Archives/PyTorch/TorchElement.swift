internal import AlbertTensors

/// An element type as PyTorch names it, by a storage's class or by a `torch.dtype`.
struct TorchElement: Equatable, Sendable {
  /// The word that users read.
  let word: String
  /// The type, `opaque` where there is none for it here.
  let type: ElementType
  /// Bytes per element.
  let size: Int

  private init(_ word: String, _ type: ElementType, size: Int? = nil) {
    self.word = word
    self.type = type
    self.size = size ?? type.size
  }

  /// The type of the class of a storage, such as `torch.FloatStorage`; nil for any other name.
  init?(storageClass name: String) {
    let parts = name.split(separator: ".")
    guard parts.first == "torch", let last = parts.last, last.hasSuffix("Storage") else {
      return nil
    }
    switch parts.dropFirst().dropLast().joined(separator: ".") {
    case "", "cuda", "storage": break
    default: return nil
    }
    guard let element = Self.byStorage[String(last.dropLast("Storage".count))] else { return nil }
    self = element
  }

  /// The type that a name such as `torch.float32` stands for; nil for any other name.
  init?(dtype name: String) {
    guard name.hasPrefix("torch."), let element = Self.byName[String(name.dropFirst(6))] else {
      return nil
    }
    self = element
  }

  /// The class of a storage of `type` without its ending, such as `Float`; nil where there is none.
  static func storageClass(of type: ElementType) -> String? {
    byStorage.first { $0.value.type == type && type != .opaque && $0.key != untyped }?.key
  }

  /// Whether each element is made of two numbers, whose bytes are in order one by one.
  var isComplex: Bool { type == .complex64 }

  /// The class of storages whose elements tensors name.
  private static let untyped = "Untyped"

  private static let byStorage: [String: TorchElement] = [
    "Double": TorchElement("float64", .float64),
    "Float": TorchElement("float32", .float32),
    "Half": TorchElement("float16", .float16),
    "BFloat16": TorchElement("bfloat16", .bfloat16),
    "Long": TorchElement("int64", .int64),
    "Int": TorchElement("int32", .int32),
    "Short": TorchElement("int16", .int16),
    "Char": TorchElement("int8", .int8),
    "Byte": TorchElement("uint8", .uint8),
    untyped: TorchElement("uint8", .uint8),
    "Bool": TorchElement("bool", .bool),
    "ComplexFloat": TorchElement("complex64", .complex64),
    "ComplexDouble": TorchElement("complex128", .opaque, size: 16),
    "QInt8": TorchElement("qint8", .opaque, size: 1),
    "QUInt8": TorchElement("quint8", .opaque, size: 1),
    "QInt32": TorchElement("qint32", .opaque, size: 4),
    "QUInt4x2": TorchElement("quint4x2", .opaque, size: 1),
    "QUInt2x4": TorchElement("quint2x4", .opaque, size: 1),
  ]

  private static let byName: [String: TorchElement] = {
    var names: [String: TorchElement] = [:]
    for element in byStorage.values where element.word != "uint8" { names[element.word] = element }
    for type: ElementType in [.uint8, .uint16, .uint32, .uint64] {
      names[type.name] = TorchElement(type.name, type)
    }
    for word in [
      "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu",
    ] {
      names[word] = TorchElement(word, .opaque, size: 1)
    }
    let others = [
      "double": "float64", "float": "float32", "half": "float16", "long": "int64", "int": "int32",
      "short": "int16", "cfloat": "complex64", "cdouble": "complex128",
    ]
    for (other, word) in others { names[other] = names[word] }
    return names
  }()
}
