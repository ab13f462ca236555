internal import AlbertBytes

/// Follows a pickle's instructions and notes what they would build, without building it: functions
/// and classes are names here, calls are records of a name and its arguments.
///
/// Each instruction makes at most one value, every list of them is bounded by the pickle's own bytes,
/// and reuse through the memo copies a reference, never content.
struct PickleMachine {
  /// The most values that the stack ever receives.
  static let maxValues = 1 << 21
  /// The most strings, containers and objects; the memo holds no more entries.
  static let maxNodes = 1 << 19
  /// The longest string that is kept, longer than any tensor's name.
  static let longestText = 4096
  /// The longest line of the textual instructions.
  static let longestLine = 8192
  /// The longest name of a module or of something in it.
  static let longestName = 512

  var cursor: ByteCursor
  var stack: [PickleValue] = []
  var nodes: [PickleNode] = []

  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var pushed = 0
  private var globals: [String] = []
  private var globalNodes: [String: Int] = [:]
  private var emptyTuple: Int?

  /// Reads one pickle and leaves `cursor` behind its last instruction.
  static func read(_ cursor: inout ByteCursor) throws(FileError) -> PickleTree {
    var machine = PickleMachine(cursor)
    let root = try machine.run()
    cursor = machine.cursor
    return PickleTree(root: root, nodes: machine.nodes, globals: machine.globals)
  }

  init(_ cursor: ByteCursor) {
    self.cursor = cursor
  }

  private mutating func run() throws(FileError) -> PickleValue {
    while true {
      let start = cursor.position
      let byte = try cursor.byte("the pickle")
      guard let opcode = PickleOpcode(rawValue: byte) else {
        throw FileError(
          cursor.path, .malformed("the pickle has an unknown instruction, \(byte)"), offset: start)
      }
      if opcode == .stop { return try pop() }
      try execute(opcode)
    }
  }

  // MARK: The stack

  mutating func push(_ value: PickleValue) throws(FileError) {
    try countValue()
    stack.append(value)
  }

  private mutating func countValue() throws(FileError) {
    pushed += 1
    guard pushed <= Self.maxValues else { throw limit("values", pushed, Self.maxValues) }
  }

  /// Pushes a new node.
  mutating func push(_ node: PickleNode) throws(FileError) {
    try push(.node(add(node)))
  }

  mutating func add(_ node: PickleNode) throws(FileError) -> Int {
    guard nodes.count < Self.maxNodes else {
      throw limit("objects", nodes.count + 1, Self.maxNodes)
    }
    nodes.append(node)
    return nodes.count - 1
  }

  /// The place of the empty tuple, which is one object in Python too.
  mutating func addEmptyTuple() throws(FileError) -> Int {
    if let emptyTuple { return emptyTuple }
    let place = try add(PickleNode(kind: .tuple))
    emptyTuple = place
    return place
  }

  mutating func pop() throws(FileError) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  func top() throws(FileError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw cursor.malformed("the pickle takes a value from an empty stack")
    }
    return value
  }

  mutating func setMark() throws(FileError) {
    try countValue()
    marks.append(stack.count)
  }

  /// The values since the last mark, which goes with them.
  mutating func popToMark() throws(FileError) -> [PickleValue] {
    guard let mark = marks.popLast() else {
      throw cursor.malformed("the pickle goes back to a mark that it never set")
    }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  /// Python's POP, which takes back a mark where nothing lies above it.
  mutating func discard() throws(FileError) {
    if let mark = marks.last, mark == stack.count {
      marks.removeLast()
    } else {
      _ = try pop()
    }
  }

  // MARK: The memo

  mutating func remember(_ place: Int) throws(FileError) {
    memo[place] = try top()
    guard memo.count <= Self.maxNodes else {
      throw limit("remembered objects", memo.count, Self.maxNodes)
    }
  }

  mutating func rememberNext() throws(FileError) { try remember(memo.count) }

  mutating func recall(_ place: Int) throws(FileError) {
    guard let value = memo[place] else {
      throw cursor.malformed("the pickle recalls object \(place), which it never remembered")
    }
    try push(value)
  }

  // MARK: Names

  /// Pushes the name of a function or class, one node for each name however often it comes.
  mutating func pushGlobal(_ name: String) throws(FileError) {
    if let place = globalNodes[name] { return try push(.node(place)) }
    let place = try add(PickleNode(kind: .global, text: name))
    globalNodes[name] = place
    globals.append(name)
    try push(.node(place))
  }

  func limit(_ what: String, _ value: Int, _ most: Int) -> FileError {
    FileError(
      cursor.path, .limit(of: "the number of \(what) in the pickle", value: value, most: most),
      offset: cursor.position)
  }
}
