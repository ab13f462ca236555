package import AlbertBytes
package import AlbertTensors

/// The layout of a file as `torch.save` writes a state dictionary: a zip file with a pickle that
/// names the tensors, and one stored member per storage (torch/serialization.py, `_save`).
package struct PyTorchLayout: ArchiveLayout {
  /// Where each storage's bytes go.
  package let ranges: [Range<Int>]

  private let members: [ZipLayout.Member]
  private let zip: ZipLayout
  private let path: String

  /// Bytes to whose multiple every storage begins (caffe2/serialize/inline_container.h,
  /// `kFieldAlignment`).
  package static let alignment = 64

  /// The members before the storages.
  private static let leading = 2

  /// Lays out tensors in the order given, each in a storage of its own; `aliases` are further names
  /// of some of them, which share their storages.
  ///
  /// `folder` is the one that all members lie in. Throws where a name occurs twice, where an alias
  /// is one of no tensor, or PyTorch has no storage for an element type.
  package init(
    _ tensors: [TensorDescription], aliases: [(name: String, tensor: String)] = [],
    folder: String = "pytorch_model", path: String
  ) throws(FileError) {
    let pickle = try PickledState(tensors, aliases: aliases, path: path)
    func member(_ name: String, _ head: [UInt8]) -> ZipLayout.Member {
      ZipLayout.Member(name: "\(folder)/\(name)", head: head)
    }
    members =
      [member("data.pkl", pickle.bytes), member("byteorder", Array("little".utf8))]
      + tensors.enumerated().map { index, tensor in
        ZipLayout.Member(
          name: "\(folder)/data/\(index)", bodyCount: tensor.byteCount, tensor: tensor.name)
      } + [
        member("version", Array("3\n".utf8)),
        member(".data/serialization_id", [UInt8](repeating: 0, count: 40)),
      ]
    zip = try ZipLayout(members, alignment: Self.alignment, path: path)
    ranges = Array(zip.bodies[Self.leading..<Self.leading + tensors.count])
    self.path = path
  }

  /// The size of the whole file.
  package var byteCount: Int { zip.byteCount }

  /// The zip file's.
  package var digest: TensorDigest.Kind { .crc32 }

  /// Writes the pickle, the small members and everything of the zip file's own.
  package func finish(_ written: WrittenTensors, to sink: some ByteSink) throws(FileError) {
    var members = members
    let checksums = written.checksums
    members[members.count - 1].head = identity(checksums)
    let none = [UInt32](repeating: 0, count: Self.leading)
    try ZipLayout(members, alignment: Self.alignment, path: path)
      .finish(none + checksums + none, to: sink)
  }

  /// The serialization id: 40 digits that PyTorch makes of the members' names and checksums by
  /// functions that differ between its builds, here by XXH3.
  private func identity(_ checksums: [UInt32]) -> [UInt8] {
    var bytes: [UInt8] = []
    for member in members { bytes += Array(member.name.utf8) + [0] + member.head }
    for checksum in checksums { bytes.append(littleEndian: UInt64(checksum), count: 4) }
    let digest = unsafe XXH3Digest.of(bytes.span.bytes)
    return [digest.high, digest.low].flatMap { Array(String($0, digits: 20).utf8) }
  }
}
