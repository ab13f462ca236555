package import AlbertBytes
package import SystemPackage

/// Conversions by a list: a source on each line, and behind a tabulator the name of its output.
package struct JobList: Sendable {
  /// One conversion.
  package struct Job: Equatable, Sendable {
    /// What is read: the bytes that stand in the list.
    package let source: FilePath
    /// What is written.
    package let output: FilePath
  }

  /// The conversions, in the list's order.
  package let jobs: [Job]

  /// Reads the lines of a list; empty ones and those that begin with # are passed over.
  ///
  /// A line without a name gets one made of its source and `ending`. Throws where a name leads out of
  /// `folder`, or two lines have the same.
  package init(_ lines: [ArraySlice<UInt8>], list: String, into folder: FilePath, ending: String)
    throws(FileError)
  {
    var jobs: [Job] = []
    var taken: [FilePath.Component: Int] = [:]
    for (index, line) in lines.enumerated() {
      let place = "line \(index + 1)"
      let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      let source = fields.first ?? []
      if String(decoding: source, as: UTF8.self).allSatisfy(\.isWhitespace)
        || source.first == UInt8(ascii: "#")
      {
        continue
      }
      let name = fields.count > 1 ? Array(fields[1]) : Self.name(of: source) + ending.utf8
      guard fields.count <= 2, !line.contains(0), !name.contains(UInt8(ascii: "/")),
        let component = FilePath.Component(bytes: name), component.kind == .regular
      else {
        throw FileError(
          list,
          .malformed("\(place) is no source, or source and name of a file behind a tabulator"),
          remedy: "give the output a plain name, or leave it out")
      }
      if let other = taken.updateValue(index + 1, forKey: component) {
        throw FileError(
          list, .malformed("lines \(other) and \(index + 1) both write '\(component.string)'"),
          remedy: "give one of them another name, behind a tabulator")
      }
      jobs.append(Job(source: FilePath(bytes: source), output: folder.appending(component)))
    }
    self.jobs = jobs
  }

  /// Throws where an output is there that is the list, or what another line reads: which of the two comes
  /// first would be left to chance.
  package func refuseOverwriting(_ list: FilePath) throws(FileError) {
    var readers: [FileIdentity: Int] = [:]
    var folders: [FilePath: Int] = [:]
    for (index, job) in jobs.enumerated() {
      if let file = try? SourceFile(job.source) { readers[file.identity] = index }
      let folder =
        job.source.isFolder ? job.source : job.source.removingLastComponent().orCurrentFolder
      if let folder = folder.resolved { folders[folder] = index }
    }
    let listed = try? SourceFile(list)
    for (index, job) in jobs.enumerated() {
      let other: Int?
      if let there = try? SourceFile(job.output) {
        if let listed { try [listed].refuseOverwriting(job.output) }
        other = readers[there.identity]
      } else {
        other = job.output.resolved.flatMap { folders[$0] }
      }
      guard let other, other != index else { continue }
      throw FileError(
        job.output.string,
        .rejected(
          code: "output-is-input",
          message: "the output of '\(job.source.string)' is what the list also reads, "
            + "as '\(jobs[other].source.string)'"),
        remedy: "give the output another name, behind a tabulator")
    }
  }

  /// The name of a model by its path: that of the Hub's cache for a snapshot, else the last part without
  /// the ending of a checkpoint.
  static func name(of source: ArraySlice<UInt8>) -> [UInt8] {
    let parts = source.split(separator: UInt8(ascii: "/"))
    let hub = "models--".utf8
    if let part = parts.last(where: { $0.starts(with: hub) }) {
      return Array(part.dropFirst(hub.count))
    }
    guard let last = parts.last else { return Array("model".utf8) }
    let isFile = general.contains { last.starts(with: $0.utf8) }
    // model.safetensors and model.ckpt-best are named by their folder.
    if isFile, parts.count > 1 { return Array(parts[parts.count - 2]) }
    for ending in endings.map(\.utf8)
    where last.count > ending.count && last.suffix(ending.count).elementsEqual(ending) {
      return Array(last.dropLast(ending.count))
    }
    return Array(last)
  }

  private static let general = [
    "model.", "pytorch_model.", "tf_model.", "flax_model.", "saved_model.", "task.weights.",
  ]
  private static let endings = [
    ".weights.h5", ".safetensors", ".albert", ".index", ".msgpack", ".keras", ".onnx", ".ckpt",
    ".bin", ".npz", ".pth", ".pt", ".h5",
  ]
}
