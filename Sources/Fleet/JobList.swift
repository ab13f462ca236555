package import AlbertBytes
package import SystemPackage

/// Conversions by a list: a source on each line, and behind a tabulator the name of its output.
package struct JobList: Sendable {
  /// One conversion.
  package struct Job: Equatable, Sendable {
    /// What is read, as the list names it.
    package let source: String
    /// What is written.
    package let output: FilePath
  }

  /// The conversions, in the list's order.
  package let jobs: [Job]

  /// Reads the lines of a list; empty ones and those that begin with # are passed over.
  ///
  /// A line without a name gets one made of its source and `ending`. Throws where a name leads out of
  /// `folder`, or two lines have the same.
  package init(_ lines: [String], list: String, into folder: FilePath, ending: String)
    throws(FileError)
  {
    var jobs: [Job] = []
    var taken: [String: Int] = [:]
    for (index, line) in lines.enumerated() {
      let place = "line \(index + 1)"
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let source = fields[0]
      if source.allSatisfy(\.isWhitespace) || source.hasPrefix("#") { continue }
      let name = fields.count > 1 ? fields[1] : Self.name(of: source) + ending
      guard fields.count <= 2, let component = FilePath.Component(name), component.kind == .regular
      else {
        throw FileError(
          list,
          .malformed("\(place) is no source, or source and name of a file behind a tabulator"),
          remedy: "give the output a plain name, or leave it out")
      }
      if let other = taken.updateValue(index + 1, forKey: name) {
        throw FileError(
          list, .malformed("lines \(other) and \(index + 1) both write '\(name)'"),
          remedy: "give one of them another name, behind a tabulator")
      }
      jobs.append(Job(source: source, output: folder.appending(component)))
    }
    self.jobs = jobs
  }

  /// The name of a model by its path: that of the Hub's cache for a snapshot, else the last part without
  /// the ending of a checkpoint.
  static func name(of source: String) -> String {
    let parts = source.split(separator: "/").map(String.init)
    if let hub = parts.last(where: { $0.hasPrefix("models--") }) {
      return String(hub.dropFirst("models--".count))
    }
    guard let last = parts.last else { return "model" }
    let isFile = general.contains { last.hasPrefix($0) }
    // model.safetensors and model.ckpt-best are named by their folder.
    if isFile, parts.count > 1 { return parts[parts.count - 2] }
    for ending in endings where last.hasSuffix(ending) && last.count > ending.count {
      return String(last.dropLast(ending.count))
    }
    return last
  }

  private static let general = [
    "model.", "pytorch_model.", "tf_model.", "flax_model.", "saved_model.", "task.weights.",
  ]
  private static let endings = [
    ".weights.h5", ".safetensors", ".albert", ".index", ".msgpack", ".keras", ".onnx", ".ckpt",
    ".bin", ".npz", ".pth", ".pt", ".h5",
  ]
}
