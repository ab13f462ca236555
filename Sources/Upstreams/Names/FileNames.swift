package import AlbertTensors

/// The names of a file's tensors, searchable by their endings, and the tensors' shapes.
package struct FileNames: Sendable {
  /// All names.
  package let all: Set<String>
  private let shapes: [String: Shape]
  private let byTail: [String: [String]]
  private let groups: Set<String>

  /// Bytes of an ending by which names are found; the tables' anchors are longer.
  private static let tailLength = 12

  /// Makes a searchable set; `shapes` are those of the tensors with these names, where they are known, and
  /// `groups` what the file holds beside tensors.
  package init(
    _ names: some Sequence<String>, shapes: [Shape] = [], groups: Set<String> = []
  ) {
    all = Set(names)
    self.groups = groups
    self.shapes = Dictionary(zip(names, shapes)) { first, _ in first }
    byTail = Dictionary(grouping: all, by: Self.tail)
  }

  /// Whether a tensor has this name.
  package func contains(_ name: String) -> Bool { all.contains(name) }

  /// Whether the file has a group at this path, whatever it holds.
  func hasGroup(_ path: String) -> Bool { groups.contains(path) }

  /// The shape of the tensor of this name, where it is known.
  func shape(of name: String) -> Shape? { shapes[name] }

  /// The names that end in `ending`, in no order.
  func ending(in ending: String) -> [String] {
    guard ending.utf8.count >= Self.tailLength else { return all.filter { $0.hasSuffix(ending) } }
    return (byTail[Self.tail(ending)] ?? []).filter { $0.hasSuffix(ending) }
  }

  private static func tail(_ name: String) -> String {
    String(decoding: name.utf8.suffix(tailLength), as: UTF8.self)
  }
}
