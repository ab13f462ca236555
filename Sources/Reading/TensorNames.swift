internal import AlbertBytes
internal import AlbertTensors

/// The names by which a file's tensors may be known: those in the file, and better ones where the
/// container has some.
struct TensorNames {
  /// One name per tensor, in the archive's order; the most telling choice first.
  let choices: [[String]]
  /// The last choice: the names without those of wrappers; nil where there are none.
  let unwrapped: [String]?

  /// Collects the names.
  init(_ archive: any TensorArchive) {
    let plain = archive.tensors.map(\.name)
    var choices = [plain]
    let layers = LayerNames(archive.attributes)
    if !layers.isEmpty { choices.insert(plain.map(layers.rename), at: 0) }
    let aliases = archive.aliases
    if !aliases.isEmpty {
      choices.append(
        plain.map { path in
          guard let alias = aliases[path], !Self.isTrainingState(path) else { return path }
          return path.hasPrefix(Self.again) ? Self.again + alias : alias
        })
    }
    unwrapped = Wrappers.removed(from: plain)
    if let unwrapped { choices.append(unwrapped) }
    self.choices = choices
  }

  /// Where Keras 3 exports every variable once more.
  private static let again = "_all_variables/"

  /// Whether a variable is an optimizer's or a metric's, by its path; an optimizer names its variables
  /// like those which they are for, with a word before or behind.
  ///
  /// Keras 3's also holds the model's own variables, which a SavedModel then has there.
  private static func isTrainingState(_ path: String) -> Bool {
    let isBelow = ["optimizer/", "keras_api/"].contains {
      path.hasPrefix($0) || path.holds("/" + $0)
    }
    return isBelow && !path.holds("/_trainable_variables/")
      || ["/.OPTIMIZER_SLOT/", "/_variables/"].contains(where: path.holds)
  }
}

/// The components that PyTorch's wrappers of a part of a model put between the names around and inside it.
private enum Wrappers {
  private static let components: Set<Substring> = [
    "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "module",
  ]

  /// The names without them; nil where there are none, or where two tensors would have one name.
  ///
  /// What wraps the whole model begins its names, and stays as their prefix.
  static func removed(from names: [String]) -> [String]? {
    let bare = names.map(removed)
    guard bare != names, Set(bare).count == names.count else { return nil }
    return bare
  }

  private static func removed(from name: String) -> String {
    guard name.holds("module.") || name.holds("_orig_mod.") else { return name }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let outer = parts.prefix(while: components.contains)
    let inner = parts.dropFirst(outer.count).filter { !components.contains($0) }
    return (outer + inner).joined(separator: ".")
  }
}

/// The layers' own names, which Keras 3 keeps in an attribute of each layer's variables.
///
/// The groups of its files bear the layers' classes and a number, which depends on what else the
/// model is made of.
private struct LayerNames {
  /// The own name by the path of a layer's group.
  private let names: [String: String]

  private static let variables = "/vars"

  init(_ attributes: [String: [String: [String]]]) {
    var names: [String: String] = [:]
    for (holder, values) in attributes
    where holder.hasSuffix(Self.variables) && Self.isLayer(holder) {
      guard let own = values["name"], own.count == 1, let name = own.first, !name.isEmpty else {
        continue
      }
      names[String(holder.dropLast(Self.variables.count))] = name
    }
    self.names = names
  }

  var isEmpty: Bool { names.isEmpty }

  /// Whether a path lies among the layers, of the model, of a preset's task, or of a model that is an
  /// attribute of a user's.
  private static func isLayer(_ path: String) -> Bool {
    path.hasPrefix("layers/") || path.holds("/layers/")
  }

  /// The path with each layer's component replaced by its own name; what is not a layer stays.
  func rename(_ path: String) -> String {
    // Training state is known by its place, whatever the optimizer is called.
    guard Self.isLayer(path) else { return path }
    var result = ""
    var start = path.startIndex
    while start < path.endIndex {
      let slash = path[start...].firstIndex(of: "/") ?? path.endIndex
      result += names[String(path[..<slash])] ?? String(path[start..<slash])
      guard slash < path.endIndex else { break }
      result += "/"
      start = path.index(after: slash)
    }
    return result
  }
}
