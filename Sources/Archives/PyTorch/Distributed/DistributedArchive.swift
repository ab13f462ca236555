internal import AlbertBytes
internal import AlbertTensors
internal import SystemPackage

/// The tensors of a distributed checkpoint, each put together of its parts.
struct DistributedArchive: TensorArchive {
  let format = DistributedFormat.name
  let files: [SourceFile]
  let tensors: [TensorDescription]

  private let entries: ByName<DistributedMetadata.Entry>
  private let parts: [String: SourceFile]
  private let path: String

  /// What makes one file of such a checkpoint.
  static let remedy: Remedy =
    "merge it with python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER model.pt, "
    + "and convert that"

  /// Opens the checkpoint whose `.metadata` lies at `path`; `named` is the file that was named.
  init(_ path: FilePath, named: FilePath) throws(FileError) {
    let file = try SourceFile(path)
    let metadata = try DistributedMetadata(file)
    let folder = try ModelFolder(of: path)
    var parts: [String: SourceFile] = [:]
    for chunk in metadata.entries.flatMap(\.chunks) where parts[chunk.file] == nil {
      parts[chunk.file] = try SourceFile(
        folder.file(named: chunk.file, "a part of the tensors"))
    }
    guard !metadata.entries.isEmpty else {
      throw FileError(path.string, .malformed("the checkpoint holds no tensor"))
    }
    let held = parts.values.reduce(0) { $0.adding($1.size) ?? .max }
    let wanted = metadata.entries.reduce(0) { $0.adding($1.tensor.byteCount) ?? .max }
    guard wanted <= held else {
      throw FileError(
        path.string, .truncated(what: "the tensors' data", needed: wanted, available: held))
    }
    var entries = ByName<DistributedMetadata.Entry>()
    for entry in metadata.entries {
      guard entries.insert(entry, as: entry.tensor.name) else {
        throw FileError(
          path.string, .malformed("two tensors have this name"), tensor: entry.tensor.name)
      }
    }
    self.path = path.string
    self.entries = entries
    self.parts = parts
    tensors = metadata.entries.map(\.tensor)
    files = ShardSet.files([file] + parts.sorted { $0.key < $1.key }.map(\.value), named: named)
  }

  func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    guard let entry = entries[name] else { throw absent(name) }
    if let only = entry.chunks.first, entry.chunks.count == 1 {
      let part = try open(only, of: entry)
      return try part.read(part.entries[0], body)
    }
    // Parts of rows are put where they belong, in memory that the files' own size bounds.
    var whole = [UInt8](repeating: 0, count: entry.tensor.byteCount)
    for chunk in entry.chunks where chunk.shape.count > 0 {
      let part = try open(chunk, of: entry)
      var bytes: [UInt8] = []
      try part.read(part.entries[0]) { (window) throws(FileError) in
        bytes.append(window)
      }
      place(bytes, of: chunk, in: &whole, entry.tensor)
    }
    if !whole.isEmpty { try unsafe body(whole.span.bytes) }
  }

  /// Copies the rows of a part to where they lie in the whole.
  private func place(
    _ bytes: [UInt8], of chunk: DistributedMetadata.Chunk, in whole: inout [UInt8],
    _ tensor: TensorDescription
  ) {
    let size = tensor.type.size
    let run = (chunk.shape.dimensions.last ?? 1) * size
    guard run > 0 else { return }
    let outer = chunk.shape.dimensions.dropLast()
    var index = [Int](repeating: 0, count: outer.count)
    var from = 0
    while from < bytes.count {
      var target = 0
      for (axis, extent) in tensor.shape.dimensions.enumerated() {
        target = target * extent + chunk.offsets[axis] + (axis < index.count ? index[axis] : 0)
      }
      whole.replaceSubrange(target * size..<target * size + run, with: bytes[from..<from + run])
      from += run
      var axis = outer.count - 1
      while axis >= 0 {
        index[axis] += 1
        if index[axis] < outer[axis] { break }
        index[axis] = 0
        axis -= 1
      }
    }
  }

  /// The file of `torch.save` that a part is, which holds one tensor of its shape and type.
  private func open(
    _ chunk: DistributedMetadata.Chunk, of entry: DistributedMetadata.Entry
  ) throws(FileError) -> TorchFile {
    guard let file = parts[chunk.file], let part = SourceFile(part: chunk.range, of: file) else {
      throw FileError(
        path, .malformed("a part lies at \(chunk.range), outside of '\(chunk.file)'"),
        tensor: entry.tensor.name)
    }
    let torch = try TorchFile(TorchContents.read(part))
    guard torch.entries.count == 1, let held = torch.entries.first?.description,
      held.type == entry.tensor.type, held.shape == chunk.shape
    else {
      throw FileError(
        file.path.string,
        .mismatch(
          of: "a part", expected: "\(entry.tensor.type.name) \(chunk.shape)",
          found: torch.entries.first.map { "\($0.description.type.name) \($0.description.shape)" }
            ?? "no tensor"), offset: chunk.range.lowerBound, tensor: entry.tensor.name)
    }
    return torch
  }

  /// Checks the checksums of all parts, those of tensors that nobody read included.
  func finish() throws(FileError) {
    for tensor in tensors {
      guard let entry = entries[tensor.name] else { continue }
      for chunk in entry.chunks { try open(chunk, of: entry).finish() }
    }
    for file in files { try file.checkUnchanged() }
  }
}
