internal import AlbertBytes

extension PickleMachine {
  /// Carries out one instruction, all but the last of a pickle.
  mutating func execute(_ opcode: PickleOpcode) throws(FileError) {
    switch opcode {
    case .stop: break
    case .proto, .frame: try checkFraming(opcode)
    case .mark: try setMark()
    case .pop: try discard()
    case .popMark: _ = try popToMark()
    case .dup: try push(top())

    case .none: try push(.null)
    case .newTrue: try push(.bool(true))
    case .newFalse: try push(.bool(false))
    case .int, .long, .binInt, .binInt1, .binInt2, .long1, .long4: try pushInteger(opcode)
    case .float:
      try push(.real(Double(try line()) ?? .nan))
    case .binFloat:
      try push(.real(Double(bitPattern: cursor.bigEndian(UInt64.self, "a number of the pickle"))))
    case .string, .unicode, .binString, .shortBinString, .binUnicode, .shortBinUnicode,
      .binUnicode8:
      try pushText(opcode)
    case .binBytes, .shortBinBytes, .binBytes8, .byteArray8: try pushBytes(opcode)
    case .nextBuffer, .readOnlyBuffer:
      throw FileError(
        cursor.path, .unsupported("a pickle whose data lies outside it"), offset: cursor.position)

    case .emptyTuple, .tuple, .tuple1, .tuple2, .tuple3: try pushTuple(opcode)
    case .emptyList: try push(PickleNode(kind: .list))
    case .list: try push(PickleNode(kind: .list, values: popToMark()))
    case .emptySet: try push(PickleNode(kind: .set))
    case .frozenSet: try push(PickleNode(kind: .set, values: popToMark()))
    case .emptyDict: try push(PickleNode(kind: .dictionary))
    case .dict: try push(PickleNode(kind: .dictionary, pairs: popPairs()))
    case .append:
      let value = try pop()
      try extend([value], of: [.list, .object])
    case .appends: try extend(popToMark(), of: [.list, .object])
    case .addItems: try extend(popToMark(), of: [.set, .object])
    case .setItem:
      let value = try pop()
      try extend(pairs: [pop(), value])
    case .setItems: try extend(pairs: popPairs())

    case .put: try remember(lineInteger())
    case .binPut: try remember(Int(cursor.byte("a memo's place")))
    case .longBinPut: try remember(Int(cursor.littleEndian(UInt32.self, "a memo's place")))
    case .memoize: try rememberNext()
    case .get: try recall(lineInteger())
    case .binGet: try recall(Int(cursor.byte("a memo's place")))
    case .longBinGet: try recall(Int(cursor.littleEndian(UInt32.self, "a memo's place")))

    case .global, .stackGlobal, .ext1, .ext2, .ext4: try pushGlobal(opcode)
    case .reduce, .newObj, .newObjEx, .obj, .inst: try pushObject(opcode)
    case .build: try build()
    case .persID:
      let text = try line()
      let description = try add(PickleNode(kind: .text, text: text))
      try push(PickleNode(kind: .persistent, values: [.node(description)]))
    case .binPersID: try push(PickleNode(kind: .persistent, values: [pop()]))
    }
  }

  private mutating func checkFraming(_ opcode: PickleOpcode) throws(FileError) {
    if opcode == .frame {
      // A frame only groups instructions; its length must still be a possible one.
      let length = try cursor.littleEndian(UInt64.self, "a frame of the pickle")
      try cursor.require(Int(clamping: length), "a frame of the pickle")
    } else {
      let version = try cursor.byte("the pickle's protocol")
      guard version <= 5 else {
        throw FileError(
          cursor.path, .unsupported("pickle protocol \(version)"), offset: cursor.position - 1)
      }
    }
  }

  // MARK: Containers

  private mutating func pushTuple(_ opcode: PickleOpcode) throws(FileError) {
    let values: [PickleValue]
    switch opcode {
    case .tuple: values = try popToMark()
    case .tuple1, .tuple2, .tuple3:
      let count = Int(opcode.rawValue - PickleOpcode.tuple1.rawValue) + 1
      var reversed: [PickleValue] = []
      for _ in 0..<count { reversed.append(try pop()) }
      values = reversed.reversed()
    default: values = []
    }
    if values.isEmpty {
      try push(.node(addEmptyTuple()))
    } else {
      try push(PickleNode(kind: .tuple, values: values))
    }
  }

  private mutating func popPairs() throws(FileError) -> [PickleValue] {
    let values = try popToMark()
    guard values.count.isMultiple(of: 2) else {
      throw cursor.malformed("a dictionary of the pickle has a key without a value")
    }
    return values
  }

  /// Appends to the container on top of the stack.
  private mutating func extend(
    _ values: [PickleValue], of kinds: [PickleNode.Kind]
  ) throws(FileError) {
    guard case .node(let place) = try top(), kinds.contains(nodes[place].kind) else {
      throw cursor.malformed("the pickle appends to something that is no list")
    }
    nodes[place].values.append(contentsOf: values)
  }

  private mutating func extend(pairs: [PickleValue]) throws(FileError) {
    guard case .node(let place) = try top(), [.dictionary, .object].contains(nodes[place].kind)
    else { throw cursor.malformed("the pickle sets a key of something that is no dictionary") }
    nodes[place].pairs.append(contentsOf: pairs)
  }

  // MARK: Objects

  private mutating func pushGlobal(_ opcode: PickleOpcode) throws(FileError) {
    switch opcode {
    case .global:
      let module = try line()
      let name = try line()
      try pushGlobal(module: module, name: name)
    case .stackGlobal:
      let name = try popText()
      let module = try popText()
      try pushGlobal(module: module, name: name)
    case .ext1: try pushGlobal("copyreg extension \(cursor.byte())")
    case .ext2: try pushGlobal("copyreg extension \(cursor.littleEndian(UInt16.self))")
    default: try pushGlobal("copyreg extension \(cursor.littleEndian(UInt32.self))")
    }
  }

  private mutating func pushGlobal(module: String, name: String) throws(FileError) {
    // Bounded, since a name that is recalled costs two bytes in the file and its length here.
    let length = max(module.utf8.count, name.utf8.count)
    try FileError.limit(
      length, "the length of a name in the pickle", most: Self.longestName, in: cursor.path,
      offset: cursor.position)
    try pushGlobal("\(module).\(name)")
  }

  private mutating func popText() throws(FileError) -> String {
    guard case .node(let place) = try pop(), nodes[place].kind == .text else {
      throw cursor.malformed("the pickle names a function by something that is no string")
    }
    return nodes[place].text
  }

  private mutating func pushObject(_ opcode: PickleOpcode) throws(FileError) {
    switch opcode {
    case .inst:
      let module = try line()
      let name = try line()
      let arguments = try popToMark()
      try pushGlobal(module: module, name: name)
      try pushObject(pop(), arguments)
    case .obj:
      var values = try popToMark()
      guard !values.isEmpty else {
        throw cursor.malformed("the pickle makes an object of no class")
      }
      let callee = values.removeFirst()
      try pushObject(callee, values)
    default:
      if opcode == .newObjEx { _ = try pop() }
      let arguments = try pop()
      let callee = try pop()
      try push(PickleNode(kind: .object, values: [callee, arguments]))
    }
  }

  private mutating func pushObject(
    _ callee: PickleValue, _ arguments: [PickleValue]
  ) throws(FileError) {
    let tuple =
      arguments.isEmpty ? try addEmptyTuple() : try add(PickleNode(kind: .tuple, values: arguments))
    try push(PickleNode(kind: .object, values: [callee, .node(tuple)]))
  }

  private mutating func build() throws(FileError) {
    let state = try pop()
    guard case .node(let place) = try top(), nodes[place].kind == .object else {
      throw cursor.malformed("the pickle gives attributes to something that is no object")
    }
    nodes[place].state = state
  }
}
