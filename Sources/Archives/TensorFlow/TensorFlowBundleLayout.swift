package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// The layout of a TensorFlow checkpoint with one data shard: the tensors in the order of their
/// names, without a gap (tensorflow/core/util/tensor_bundle/tensor_bundle.cc, `BundleWriter`).
///
/// The shard is nothing but data; what says where each tensor lies is `index`, a file of its own.
package struct TensorFlowBundleLayout: ArchiveLayout {
  /// Where each tensor's bytes go in the shard.
  package let ranges: [Range<Int>]
  /// The size of the shard.
  package let byteCount: Int

  /// The tensors in the order given.
  private let tensors: [TensorDescription]
  /// Their places in the order of their names.
  private let order: [Int]

  /// Lays out tensors, given in any order.
  ///
  /// Throws where a name is empty or occurs twice, or TensorFlow has no number for an element type.
  package init(_ tensors: [TensorDescription], path: String) throws(FileError) {
    try tensors.checkWritable(as: "TensorFlow", path: path) { TensorFlowDataType($0) != nil }
    guard !tensors.contains(where: \.name.isEmpty) else {
      throw FileError(
        path,
        .inexpressible("a tensor without a name, which is the header's in TensorFlow's index"),
        remedy: "give each tensor a name of its own")
    }
    order = tensors.indices.sorted {
      tensors[$0].name.utf8.lexicographicallyPrecedes(tensors[$1].name.utf8)
    }
    var room = RegionAllocator(path: path)
    var ranges = tensors.map { _ in 0..<0 }
    for index in order {
      ranges[index] = try room.take(tensors[index].byteCount, tensor: tensors[index].name)
    }
    self.ranges = ranges
    self.tensors = tensors
    byteCount = room.end
  }

  /// TensorFlow's, which stands in the index.
  package var digest: TensorDigest.Kind { .crc32c }

  /// Writes nothing: the shard is data alone.
  package func finish(_ written: WrittenTensors, to sink: some ByteSink) throws(FileError) {}

  /// The bytes of the index; `checksums` stand in the order of `ranges`, not masked.
  package func index(_ checksums: [UInt32]) -> [UInt8] {
    var table = SortedTableWriter()
    var header = ProtobufWriter()
    header.number(1, 1)
    header.message(3) { $0.number(1, BundleHeader.version) }
    table.add([], header.bytes)
    for index in order {
      table.add(Array(tensors[index].name.utf8), entry(of: index, checksums[index]))
    }
    return table.finish()
  }

  private func entry(of index: Int, _ checksum: UInt32) -> [UInt8] {
    let tensor = tensors[index]
    var entry = ProtobufWriter()
    entry.number(1, TensorFlowDataType(tensor.type)?.number ?? 0)
    entry.message(2) { shape in
      for extent in tensor.shape.dimensions { shape.message(2) { $0.number(1, extent) } }
    }
    entry.number(4, ranges[index].lowerBound)
    entry.number(5, ranges[index].count)
    entry.fixed32(6, CRC32C.masked(checksum))
    return entry.bytes
  }
}

/// The files of a TensorFlow checkpoint beside its data.
package enum TensorFlowCheckpointFiles {
  /// The name of the index of `prefix`.
  package static func index(_ prefix: String) -> String { prefix + ".index" }

  /// The name of the only data shard of `prefix`.
  package static func shard(_ prefix: String) -> String { prefix + ".data-00000-of-00001" }

  /// The names of the data shards that the index at `path` belongs to.
  ///
  /// Throws where it is not an index.
  package static func shards(ofIndexAt path: FilePath) throws(FileError) -> [String] {
    let index = try BundleIndex(SourceFile(path))
    guard let prefix = TensorFlowPrefix(ofFile: path) else { return [] }
    return (0..<index.shards).map { prefix.shard($0, of: index.shards).string }
  }

  /// The index beside a data shard; nil where its name is not a shard's.
  package static func index(ofShardAt path: FilePath) -> FilePath? {
    guard let prefix = TensorFlowPrefix(ofFile: path), prefix.index != path else { return nil }
    return prefix.index
  }

  /// The state file that makes `prefix`, a name in the same folder, the latest checkpoint
  /// (tensorflow/python/training/checkpoint_state.proto).
  package static func state(_ prefix: String) -> [UInt8] {
    var name = ""
    for scalar in prefix.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { name.unicodeScalars.append("\\") }
      name.unicodeScalars.append(scalar)
    }
    return Array(
      """
      model_checkpoint_path: "\(name)"
      all_model_checkpoint_paths: "\(name)"

      """.utf8)
  }
}
