internal import AlbertBytes

/// Writes a pickle of protocol 2 instruction by instruction, repeating no name and no word.
struct PickleWriter {
  /// What was written so far.
  private(set) var bytes: [UInt8] = [PickleOpcode.proto.rawValue, 2]
  /// The memo's places of names and words.
  private var memo: [String: UInt8] = [:]

  /// Writes an instruction without an argument.
  mutating func add(_ opcode: PickleOpcode) { bytes.append(opcode.rawValue) }

  /// Pushes a function or class, such as `torch` `FloatStorage`.
  mutating func global(_ module: String, _ name: String) {
    once("\(module)\n\(name)\n") { $0.add(.global, Array("\(module)\n\(name)\n".utf8)) }
  }

  /// Pushes a word that occurs often.
  mutating func word(_ word: String) { once(word) { $0.text(word) } }

  /// Pushes a text.
  mutating func text(_ text: String) {
    let utf8 = Array(text.utf8)
    add(.binUnicode, littleEndian(utf8.count, 4) + utf8)
  }

  /// Pushes a number that is not negative.
  mutating func integer(_ value: Int) {
    switch value {
    case 0..<0x100: add(.binInt1, littleEndian(value, 1))
    case 0x100..<0x1_0000: add(.binInt2, littleEndian(value, 2))
    case 0x1_0000..<0x8000_0000: add(.binInt, littleEndian(value, 4))
    default: add(.long1, [8] + littleEndian(value, 8))
    }
  }

  /// Pushes a tuple of numbers.
  mutating func tuple(_ values: [Int]) {
    switch values.count {
    case 0:
      add(.emptyTuple)
      return
    case 1...3: break
    default: add(.mark)
    }
    for value in values { integer(value) }
    switch values.count {
    case 1: add(.tuple1)
    case 2: add(.tuple2)
    case 3: add(.tuple3)
    default: add(.tuple)
    }
  }

  /// Pushes what `write` pushes, the second time from the memo.
  private mutating func once(_ key: String, _ write: (inout PickleWriter) -> Void) {
    if let place = memo[key] {
      add(.binGet, [place])
    } else {
      write(&self)
      guard let place = UInt8(exactly: memo.count) else { return }
      add(.binPut, [place])
      memo[key] = place
    }
  }

  private mutating func add(_ opcode: PickleOpcode, _ argument: [UInt8]) {
    add(opcode)
    bytes += argument
  }

  private func littleEndian(_ value: Int, _ size: Int) -> [UInt8] {
    [UInt8](littleEndian: UInt64(value), count: size)
  }
}
