import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertConversion
import AlbertExporters
import AlbertNativeFormat
import AlbertReading
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// Matrices that are larger than what is held in memory are turned like all others.
@Suite struct LargeMatrixTests {
  /// 19 MB for the one matrix whose two sides are much unlike; its rows end within a page.
  static let config = AlbertConfig(
    vocabSize: 16, embeddingSize: 4, hiddenSize: 66, intermediateSize: 70_001,
    maxPositionEmbeddings: 6, typeVocabSize: 2, numHiddenLayers: 1, numAttentionHeads: 2,
    hiddenAct: .geluTanh)

  @Test(arguments: ["tf-checkpoint", "flax", "keras-h5", "onnx"])
  func areTheSameAfterAWayThereAndBack(_ format: String) throws {
    let scratch = try Scratch()
    try scratch.writeModel(Self.config, .preTraining, "source")
    let source = try Inspection.open(scratch.path("source"), Models.reading())
    var options = Models.options(format)
    options.verifies = false
    let plan = try ExportPlan(source, to: scratch.path("out"), options)
    #expect(try plan.run().succeeded)
    let written = try Inspection.open(scratch.path("out"), Models.reading(Self.config))
    let archive = written.archive
    let large = archive.tensors.filter { $0.byteCount > TensorBytes.largestHeld }
    #expect(large.count == 2)
    for tensor in large {
      #expect(archive.place(of: tensor.name)?.range.count == tensor.byteCount)
    }
    #expect(try Models.digests(written) == Models.digests(source))
  }

  /// A checksum that does not hold is found though the bytes are read in another order.
  @Test func aChangedByteIsFound() throws {
    let scratch = try Scratch()
    try scratch.writeModel(Self.config, .preTraining, "source")
    let source = try Inspection.open(scratch.path("source"), Models.reading())
    var options = Models.options("tf-checkpoint")
    options.verifies = false
    #expect(try ExportPlan(source, to: scratch.path("out"), options).run().succeeded)
    let archive = try Models.archive(scratch.path("out"))
    let tensor = try #require(archive.tensors.first { $0.byteCount > TensorBytes.largestHeld })
    let place = try #require(archive.place(of: tensor.name))
    var bytes = try place.file.bytes(at: 0, count: place.file.size)
    bytes[place.range.upperBound - 5] ^= 1
    let damaged = try AtomicFile(place.file.path, replacing: true)
    try damaged.write(bytes)
    try damaged.commit()
    let opened = try Inspection.open(scratch.path("out"), Models.reading(Self.config))
    #expect(failure { try LoadedModel(opened) }.contains("checksum"))
  }
}
