internal import AlbertBytes
internal import AlbertTensors

/// Which paths a file may have.
enum HDF5Paths {
  /// The longest list that an attribute holds, in bytes; texts of any length lie elsewhere.
  private static let largestAttribute = (1 << 16) - 1024

  /// Throws for what libhdf5 would take for something else, cut short or refuse.
  static func check(
    _ tensors: [TensorDescription], _ links: [HDF5Link], _ attributes: [HDF5Attribute],
    path: String
  ) throws(FileError) {
    func refuse(_ what: String, _ name: String) -> FileError {
      FileError(path, .inexpressible(what), tensor: name, remedy: "choose another format")
    }
    var datasets: Set<String> = []
    for name in tensors.map(\.name) + links.map(\.name) {
      guard isPath(name) else { throw refuse("HDF5 cannot hold a dataset of that name", name) }
      guard datasets.insert(name).inserted else {
        throw refuse("two tensors of one name do not fit one file", name)
      }
    }
    let own = Set(tensors.map(\.name))
    for link in links where !own.contains(link.target) {
      throw refuse("the further name '\(link.name)' leads to no dataset", link.target)
    }
    for holder in datasets.sorted() + attributes.map(\.holder) {
      var rest = Substring(holder)
      while let slash = rest.lastIndex(of: "/") {
        rest = rest[..<slash]
        guard !datasets.contains(String(rest)) else {
          throw refuse("HDF5 cannot hold '\(holder)' within a dataset", String(rest))
        }
      }
    }
    for attribute in attributes { try check(attribute, path: path) }
  }

  private static func check(_ attribute: HDF5Attribute, path: String) throws(FileError) {
    let texts: [String]
    let size: Int
    switch attribute.value {
    case .text(let text):
      texts = [text]
      size = 0
    case .list(let list):
      texts = list
      size = (list.map(\.utf8.count).max() ?? 0).multiplied(by: list.count) ?? .max
    }
    let isWhole = (texts + [attribute.name]).allSatisfy { !$0.utf8.contains(0) }
    guard attribute.holder.isEmpty || isPath(attribute.holder), !attribute.name.isEmpty, isWhole,
      size <= largestAttribute
    else {
      throw FileError(
        path,
        .inexpressible(
          "HDF5 cannot hold the attribute '\(attribute.name)' of '\(attribute.holder)'"),
        remedy: "choose another format")
    }
  }

  /// Whether every component is a name; `.` stands for the group itself.
  private static func isPath(_ text: String) -> Bool {
    !text.utf8.contains(0)
      && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
        !$0.isEmpty && $0 != "."
      }
  }
}
