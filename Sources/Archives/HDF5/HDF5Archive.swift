internal import AlbertBytes
internal import AlbertTensors

/// The datasets of one HDF5 file or of several, by their paths.
struct HDF5Archive: TensorArchive {
  /// One file's part.
  struct Part {
    let file: HDF5File
    /// What stands before each of its paths, such as `task/`; empty for most.
    var prefix = ""
  }

  let format: String
  let files: [SourceFile]
  let tensors: [TensorDescription]
  let metadata: ArchiveMetadata
  let attributes: [String: [String: [String]]]
  let notes: [ArchiveNote]

  private let sources: ByName<(file: HDF5File, dataset: HDF5Dataset)>

  /// Puts the parts together; `index` is the file that lists them, where there is one.
  init(
    _ parts: [Part], index: SourceFile? = nil, format: String = HDF5Format.name,
    metadata: [String: String] = [:], notes: [ArchiveNote] = []
  ) throws(FileError) {
    var sources = ByName<(file: HDF5File, dataset: HDF5Dataset)>()
    var tensors: [TensorDescription] = []
    var attributes: [String: [String: [String]]] = [:]
    var notes = notes
    for part in parts {
      let description = part.file.description
      for dataset in description.datasets.sorted(by: { $0.position < $1.position }) {
        let name = part.prefix + dataset.path
        guard sources.insert((part.file, dataset), as: name) else {
          throw FileError(
            part.file.window.file.path.string,
            .malformed("it holds a dataset that another file of the model holds, too"),
            tensor: name, remedy: "keep the files of one model only in the folder")
        }
        tensors.append(TensorDescription(name: name, type: dataset.type, shape: dataset.shape))
      }
      for (holder, values) in description.attributes {
        var all = attributes[part.holder(holder)] ?? [:]
        for (name, texts) in values { Self.join(texts, into: &all[name, default: []]) }
        attributes[part.holder(holder)] = all
      }
      if description.skippedLinks > 0 {
        notes.add(
          .warning, code: "links-skipped",
          message: "\(description.skippedLinks) links in \(part.file.window.file.name) were not "
            + "followed: soft and external links, and second ones to a group")
      }
    }
    if parts.contains(where: { !$0.file.description.wasConfined }) {
      notes.add(
        .note, code: "unconfined",
        message:
          "libhdf5 parsed the file in a process that this system does not confine, for want "
          + "of Landlock or seccomp: a flaw of libhdf5 that the file uses would not end there")
    }
    self.format = format
    self.sources = sources
    self.tensors = tensors
    self.attributes = attributes
    self.notes = notes
    files = (index.map { [$0] } ?? []) + parts.map(\.file.window.file)
    let texts = (attributes[""] ?? [:]).filter { $0.value.count == 1 }.compactMapValues(\.first)
    self.metadata = ArchiveMetadata(texts.merging(metadata) { _, given in given })
  }

  /// Shards repeat what they agree on and each hold a piece of the lists.
  private static func join(_ texts: [String], into all: inout [String]) {
    if all != texts { all += texts }
  }

  func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    guard let source = sources[name] else {
      throw FileError(path, .missing("the tensor '\(name)'"))
    }
    try source.file.read(source.dataset, body)
  }

  func place(of name: String) -> TensorPlace? {
    guard let source = sources[name], case .contiguous(let range) = source.dataset.storage,
      !source.dataset.isBigEndian
    else { return nil }
    return TensorPlace(source.file.window.file, range, isChecked: false)
  }
}

extension HDF5Archive.Part {
  /// The holder of attributes at `path`, under the part's prefix.
  func holder(_ path: String) -> String {
    path.isEmpty ? String(prefix.dropLast()) : prefix + path
  }
}

extension HDF5Dataset {
  /// Where the data lies, for reading in the file's order; what a worker reads comes last.
  var position: Int {
    if case .contiguous(let range) = storage { range.lowerBound } else { .max }
  }
}
