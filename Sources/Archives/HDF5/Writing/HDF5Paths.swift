internal import Bytes
internal import Tensors

/// Which paths a file may have.
enum HDF5Paths {
  /// The longest list or text that an attribute holds, in bytes; what the format itself allows.
  private static let largestAttribute = (1 << 16) - 1024

  /// Throws for what libhdf5 would take for something else, cut short or refuse.
  static func check(
    _ tensors: [TensorDescription], _ attributes: [HDF5Attribute], path: String
  ) throws(FileError) {
    var datasets: Set<String> = []
    for tensor in tensors {
      guard isPath(tensor.name) else {
        throw FileError(
          path, .inexpressible("HDF5 cannot hold a dataset of that name"), tensor: tensor.name,
          remedy: "choose another format")
      }
      guard datasets.insert(tensor.name).inserted else {
        throw FileError(
          path, .inexpressible("two tensors of one name do not fit one file"), tensor: tensor.name,
          remedy: "choose another format")
      }
    }
    for holder in tensors.map(\.name) + attributes.map(\.holder) {
      var rest = Substring(holder)
      while let slash = rest.lastIndex(of: "/") {
        rest = rest[..<slash]
        guard !datasets.contains(String(rest)) else {
          throw FileError(
            path, .inexpressible("HDF5 cannot hold '\(holder)' within a dataset"),
            tensor: String(rest), remedy: "choose another format")
        }
      }
    }
    for attribute in attributes { try check(attribute, path: path) }
  }

  private static func check(_ attribute: HDF5Attribute, path: String) throws(FileError) {
    let texts: [String] =
      switch attribute.value {
      case .text: []
      case .list(let texts): texts
      }
    let isWhole = (texts + [attribute.name]).allSatisfy { !$0.utf8.contains(0) }
    let longest = texts.map(\.utf8.count).max() ?? 0
    guard attribute.holder.isEmpty || isPath(attribute.holder), !attribute.name.isEmpty, isWhole,
      longest.multiplied(by: texts.count) ?? .max <= largestAttribute
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
