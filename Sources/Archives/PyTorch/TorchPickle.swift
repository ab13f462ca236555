internal import AlbertBytes
internal import AlbertTensors

/// A pickle read as PyTorch's: which of its objects are tensors, and of which storages.
struct TorchPickle {
  let tree: PickleTree
  let path: String
  /// All storages that the pickle mentions.
  private(set) var storages: [String: TorchStorage] = [:]
  private(set) var storagesByNode: [Int: TorchStorage] = [:]

  /// The deepest nesting of functions that make one tensor; PyTorch itself stops at three.
  private static let deepestWrapping = 8

  init(_ tree: PickleTree, path: String) throws(FileError) {
    self.tree = tree
    self.path = path
    for (place, node) in tree.nodes.enumerated() where node.kind == .persistent {
      guard let storage = try storage(node.values[0]) else { continue }
      if let known = storages[storage.key], known.byteCount != storage.byteCount {
        throw FileError(
          path,
          .mismatch(
            of: "the size of storage '\(storage.key)'", expected: "\(known.byteCount) bytes",
            found: "\(storage.byteCount)"))
      }
      storages[storage.key] = storage
      storagesByNode[place] = storage
    }
  }

  /// All tensors, named by the keys that lead to them.
  func namedTensors() throws(FileError) -> [(name: String, leaf: TorchTensor)] {
    try PickleNames(tree: tree, path: path).all { (value) throws(FileError) in try tensor(value) }
  }

  /// The functions and classes that the pickle wants beyond what tensors need.
  var extras: [String] { tree.globals.filter { !TorchGlobals.isOrdinary($0) } }

  /// Whether arrays of NumPy's are in the pickle.
  var holdsArrays: Bool {
    tree.globals.contains { name in
      name.hasPrefix("numpy.") && ["._reconstruct", "._frombuffer"].contains { name.hasSuffix($0) }
    }
  }

  /// Whether bytes are in the pickle, which its older protocols make of text.
  var holdsBytes: Bool {
    tree.globals.contains("_codecs.encode") || tree.nodes.contains { $0.kind == .blob }
  }

  /// Whether the pickle is a TorchScript archive's.
  var isTorchScript: Bool { tree.globals.contains(where: TorchGlobals.isTorchScript) }

  /// Whether it is a TorchScript archive's of quantised layers, whose matrices are objects of their kernels.
  var packsMatrices: Bool {
    tree.globals.contains { TorchGlobals.isTorchScript($0) && $0.hasSuffix("LinearPackedParams") }
  }

  /// The tensor that `value` is; nil for anything else.
  func tensor(_ value: PickleValue, depth: Int = 0) throws(FileError) -> TorchTensor? {
    guard let name = tree.function(value), let rebuild = TorchGlobals.rebuild(name) else {
      return nil
    }
    guard let arguments = tree.arguments(value), depth < Self.deepestWrapping else {
      throw malformed(name)
    }
    return try tensor(name, rebuild, arguments, depth: depth)
  }

  private func tensor(
    _ name: String, _ rebuild: TorchGlobals.Rebuild, _ arguments: [PickleValue], depth: Int
  ) throws(FileError) -> TorchTensor? {
    switch rebuild {
    case .strided(let metadata):
      return try view(name, arguments, dtype: nil, metadata: metadata)
    case .untyped(let dtype, let metadata):
      return try view(name, arguments, dtype: dtype, metadata: metadata)
    case .wrapped:
      guard let first = arguments.first, let tensor = try tensor(first, depth: depth + 1) else {
        throw malformed(name)
      }
      return tensor
    case .subclass:
      guard arguments.count >= 3, let inner = tree.global(arguments[0]),
        let innerArguments = tree.tuple(arguments[2]), let rebuild = TorchGlobals.rebuild(inner),
        depth < Self.deepestWrapping
      else { throw malformed(name) }
      let tensor = try tensor(inner, rebuild, innerArguments, depth: depth + 1)
      if let numbers = try torchAO(arguments, innerArguments) { return numbers }
      if case .unreadable(let shape, _)? = tensor, let kind = tree.global(arguments[1]) {
        return .unreadable(shape, reason: Self.quantizer(of: kind) ?? "of the class \(kind)")
      }
      return tensor
    case .quantized:
      return try quantized(name, arguments)
    case .unreadable(let place, let reason):
      let shape = place.flatMap { self.shape(at: $0, of: arguments) } ?? Shape([])
      return .unreadable(shape, reason: reason)
    }
  }

  func view(
    _ name: String, _ arguments: [PickleValue], dtype: Int? = nil, metadata: Int? = nil,
    as stored: TorchElement? = nil
  ) throws(FileError) -> TorchTensor {
    guard arguments.count >= max(4, (dtype ?? 0) + 1), case .node(let place) = arguments[0],
      let storage = storagesByNode[place], let offset = tree.integer(arguments[1]),
      let shape = shape(arguments[2]), let strides = integers(arguments[3])
    else { throw malformed(name) }
    var element = stored ?? storage.element
    if let dtype {
      guard let named = tree.global(arguments[dtype]).flatMap(TorchElement.init(dtype:)) else {
        throw malformed(name)
      }
      element = named
    }
    if let metadata, metadata < arguments.count, let lazy = lazyView(arguments[metadata]) {
      return .unreadable(shape, reason: lazy)
    }
    if storage.isMeta { return .unreadable(shape, reason: "without data (meta)") }
    if element.type == .opaque { return .unreadable(shape, reason: "of type \(element.word)") }
    guard
      let view = TorchView(
        storage: storage.key, element: element, shape: shape, strides: strides, offset: offset,
        within: storage.part)
    else {
      throw FileError(
        path,
        .malformed(
          "a tensor of shape \(shape), strides \(strides) and offset \(offset) does not lie within "
            + "the \(storage.part.count) bytes of storage '\(storage.key)'"))
    }
    return .view(view)
  }

  /// Why a view's bytes are not its content, where its metadata says so.
  private func lazyView(_ metadata: PickleValue) -> String? {
    guard let pairs = tree.node(metadata, .dictionary)?.pairs else { return nil }
    for (key, value) in pairs.inPairs where value == .bool(true) {
      switch tree.text(key) {
      case "conj": return "a conjugated view"
      case "neg": return "a negated view"
      default: break
      }
    }
    return nil
  }

  /// The storage that the description of something outside the pickle means; nil for anything else,
  /// such as the source code of a class.
  private func storage(_ description: PickleValue) throws(FileError) -> TorchStorage? {
    guard let facts = tree.tuple(description), let kind = facts.first, tree.text(kind) == "storage"
    else { return nil }
    guard facts.count == 5 || facts.count == 6,
      let element = tree.global(facts[1]).flatMap(TorchElement.init(storageClass:)),
      let key = key(facts[2]), let count = tree.integer(facts[4]), count >= 0,
      let size = count.multiplied(by: element.size)
    else { throw malformed("a storage") }
    var part = 0..<size
    if facts.count == 6, facts[5] != .null {
      guard let view = tree.tuple(facts[5]), view.count == 3, let offset = tree.integer(view[1]),
        let length = tree.integer(view[2]), offset >= 0, length >= 0, offset <= count,
        length <= count - offset
      else { throw malformed("a storage") }
      part = offset * element.size..<(offset + length) * element.size
    }
    return TorchStorage(
      key: key, element: element, byteCount: size, part: part, isMeta: tree.text(facts[3]) == "meta"
    )
  }

  private func key(_ value: PickleValue) -> String? {
    tree.text(value) ?? tree.integer(value).map { String($0) }
  }

  private func shape(_ value: PickleValue) -> Shape? {
    integers(value).flatMap(Shape.init(checking:))
  }

  private func shape(at place: Int, of arguments: [PickleValue]) -> Shape? {
    guard place < arguments.count else { return nil }
    if let shape = shape(arguments[place]) { return shape }
    let parts = tree.tuple(arguments[place]) ?? []
    for part in parts.prefix(4) {
      if let shape = shape(part) { return shape }
    }
    return nil
  }

  /// A tuple or list of integers, or a `torch.Size` of one; no more of them than a shape can have.
  func integers(_ value: PickleValue) -> [Int]? {
    var value = value
    if tree.function(value) == "torch.Size", let first = tree.arguments(value)?.first {
      value = first
    }
    guard let values = tree.tuple(value) ?? tree.node(value, .list)?.values,
      values.count <= Shape.maxAxes
    else { return nil }
    let integers = values.compactMap { tree.integer($0) }
    return integers.count == values.count ? integers : nil
  }

  func malformed(_ what: String) -> FileError {
    FileError(path, .malformed("the pickle describes \(what) as PyTorch never does"))
  }
}
