internal import AlbertBytes
internal import AlbertJSON
internal import AlbertTensors

/// Programs of `torch.export`, `.pt2`: a zip file with a graph as JSON, and beside it the weights.
///
/// Since PyTorch 2.9 each weight is a member of its own, which a JSON list names (torch/export/
/// pt2_archive); before, all lie in a file of `torch.save` within the zip file.
extension TorchContents {
  private static let list = "_weights_config.json"
  private static let weights = "data/weights/"
  private static let state = "serialized_state_dict.pt"
  /// The largest list of weights.
  private static let largestList = 1 << 26

  /// Whether a zip file holds a program's weights.
  static func isExported(_ zip: ZipFile) -> Bool {
    zip.members.contains { isList($0) || isState($0) }
  }

  private static func isList(_ member: ZipMember) -> Bool {
    member.name.contains(weights) && member.name.hasSuffix(list)
  }

  private static func isState(_ member: ZipMember) -> Bool {
    member.name == state || (member.name.contains(weights) && member.name.hasSuffix(".pt"))
  }

  /// The weights of a program; nil for any other zip file.
  static func exported(_ zip: ZipFile) throws(FileError) -> TorchContents? {
    let lists = zip.members.filter(isList)
    let states = zip.members.filter(isState)
    guard let first = lists.first ?? states.first else { return nil }
    guard lists.count + states.count == 1 else {
      throw FileError(
        zip.file.path.string,
        .ambiguous(of: "model in the archive", candidates: (lists + states).map(\.name)),
        remedy: "save the model again, alone in its file")
    }
    return lists.isEmpty ? try nested(first, in: zip) : try listed(first, in: zip)
  }

  /// The file of `torch.save` that is a member.
  private static func nested(
    _ member: ZipMember, in zip: ZipFile
  ) throws(FileError) -> TorchContents {
    guard member.method == .stored, let file = SourceFile(part: member.range, of: zip.file) else {
      throw FileError(
        zip.file.path.string, .unsupported("the compressed member '\(member.name)'"),
        remedy: "unpack it and name it instead")
    }
    var contents = try read(file)
    contents.outer = zip
    return contents
  }

  /// The weights that a list names, each in a member of its own.
  private static func listed(
    _ member: ZipMember, in zip: ZipFile
  ) throws(FileError) -> TorchContents {
    let path = zip.file.path.string
    let json = try JSONValue.parse(zip.bytes(of: member, most: largestList), path: path)
    guard let entries = json["config"]?.members else {
      throw FileError(path, .malformed("'\(member.name)' lists no weights"))
    }
    let folder = member.name.prefix(upTo: member.name.lastIndex(of: "/") ?? member.name.startIndex)
    var storages: [String: TorchFile.Place] = [:]
    var tensors: [(name: String, leaf: TorchTensor)] = []
    for entry in entries {
      guard let name = entry.value["path_name"]?.string, let meta = entry.value["tensor_meta"],
        let held = zip["\(folder)/\(name)"]
      else {
        throw FileError(
          path, .malformed("'\(member.name)' names no member that holds it"), tensor: entry.key)
      }
      storages[held.name] = .member(held)
      let isPickle = entry.value["use_pickle"]?.bool ?? false
      tensors.append((entry.key, try tensor(entry.key, meta, held, isPickle: isPickle, path)))
    }
    let root = member.name.prefix(
      upTo: member.name.firstRange(of: weights)?.lowerBound
        ?? member.name.startIndex)
    return TorchContents(
      zip, isBigEndian: try isBigEndian(zip, String(root)), tensors: tensors, storages: storages)
  }

  /// The view that a `tensor_meta` describes (torch/_export/serde/schema.py, `TensorMeta`).
  private static func tensor(
    _ name: String, _ meta: JSONValue, _ member: ZipMember, isPickle: Bool, _ path: String
  ) throws(FileError) -> TorchTensor {
    func integers(_ value: JSONValue?) -> [Int]? {
      value?.elements.map { $0.compactMap { $0["as_int"]?.integer } }
    }
    guard let dimensions = integers(meta["sizes"]), let shape = Shape(checking: dimensions),
      let strides = integers(meta["strides"]), let number = meta["dtype"]?.integer,
      shape.rank == meta["sizes"]?.elements?.count
    else { throw FileError(path, .malformed("the tensor is not described"), tensor: name) }
    guard let element = element(number) else {
      return .unreadable(shape, reason: "of PyTorch's type number \(number)")
    }
    if isPickle { return .unreadable(shape, reason: "a pickle of its own") }
    guard
      let view = TorchView(
        storage: member.name, element: element, shape: shape, strides: strides,
        offset: meta["storage_offset"]?["as_int"]?.integer ?? 0, within: 0..<member.size)
    else {
      throw FileError(
        path,
        .malformed(
          "a tensor of shape \(shape) does not lie within the \(member.size) bytes of "
            + "'\(member.name)'"), tensor: name)
    }
    return .view(view)
  }

  /// The type of a number (torch/_export/serde/schema.py, `ScalarType`).
  private static func element(_ number: Int) -> TorchElement? {
    let names = [
      1: "uint8", 2: "int8", 3: "int16", 4: "int32", 5: "int64", 6: "float16", 7: "float32",
      8: "float64", 12: "bool", 13: "bfloat16",
    ]
    return names[number].flatMap { TorchElement(dtype: "torch." + $0) }
  }
}

extension TorchFile {
  /// Whether it holds a program of `torch.export`.
  var isExported: Bool { (outer ?? zip).map(TorchContents.isExported) ?? false }

  /// Whether it is TorchScript whose parameters became constants.
  var isFrozen: Bool {
    isTorchScript && entries.isEmpty
      && (zip?.members.contains { $0.name.contains("/constants/") } ?? false)
  }
}
