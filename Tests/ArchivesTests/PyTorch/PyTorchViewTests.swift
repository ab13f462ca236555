import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import Testing

@Suite struct PyTorchViewTests {
  private func open(_ name: String) throws -> any TensorArchive {
    try ArchiveRegistry.open(Fixture.path("pytorch/\(name)"))
  }

  private func values(_ archive: any TensorArchive, _ name: String) throws -> [Double] {
    let tensor = try #require(archive.tensors.first { $0.name == name }, "\(name)")
    let bytes = try archive.bytes(of: tensor)
    #expect(bytes.count == tensor.byteCount)
    let values = unsafe bytes.span.bytes.doubles(of: tensor.type)
    return values ?? []
  }

  /// Elements of a row-major array of 0, 1, 2, … whose strides are `strides`.
  private func view(_ shape: [Int], _ strides: [Int], from start: Int = 0) -> [Double] {
    var result = [start]
    for (extent, stride) in zip(shape, strides) {
      result = result.flatMap { first in (0..<extent).map { first + $0 * stride } }
    }
    return result.map(Double.init)
  }

  @Test(
    arguments: [
      "views.pt", "views-legacy.pt", "views-protocol5.pt", "views-legacy-protocol4.pt",
      "views-deflated.pt", "views-without-folder.pt",
    ])
  func `views have their elements in order`(_ name: String) throws {
    let archive = try open(name)
    let expected: [String: (shape: [Int], values: [Double])] = [
      "whole": ([4, 6], view([24], [1])),
      "same": ([4, 6], view([24], [1])),
      "transposed": ([6, 4], view([6, 4], [1, 6])),
      "columns": ([4, 2], view([4, 2], [6, 1], from: 1)),
      "rows": ([2, 6], view([12], [1], from: 12)),
      "every_other": ([2, 2], view([2, 2], [12, 3])),
      "expanded": ([3, 6], view([3, 6], [0, 1], from: 6)),
      "scalar": ([], [23]),
      "empty": ([4, 0], []),
      "permuted": ([5, 3, 2, 4], view([5, 3, 2, 4], [1, 20, 60, 5])),
      "expanded_inside": ([2, 3, 4, 5], view([2, 3, 4, 5], [60, 0, 5, 1])),
      "last_of_many": ([2], [0, 2999]),
    ]
    #expect(Set(archive.tensors.map(\.name)) == Set(expected.keys))
    for tensor in archive.tensors {
      let (shape, elements) = try #require(expected[tensor.name])
      #expect(tensor.shape.dimensions == shape)
      #expect(try values(archive, tensor.name) == elements, "\(tensor.name)")
    }
    let places = archive.storageIdentities
    #expect(places["whole"] == places["same"])
    #expect(Set(places.values).count == places.count - 1)
    try archive.finish()
  }

  @Test(arguments: ["types.pt", "types-big-endian.pt"])
  func `every type is read in either byte order`(_ name: String) throws {
    let archive = try open(name)
    #expect(archive.notes.isEmpty)
    #expect(archive.tensors.count == 14)
    for tensor in archive.tensors {
      #expect(tensor.name == tensor.type.name)
      switch tensor.type {
      case .complex64:
        let bytes = try archive.bytes(of: tensor)
        let parts = unsafe bytes.span.bytes.floats(of: .float32)
        #expect(parts == (0..<24).flatMap { [Float($0), 0] })
      case .bool: #expect(try values(archive, tensor.name) == [0] + Array(repeating: 1, count: 23))
      default: #expect(try values(archive, tensor.name) == (0..<24).map(Double.init))
      }
    }
    try archive.finish()
  }

  @Test(arguments: ["nested.pt", "nested-legacy.pt"])
  func `nested containers give names with dots`(_ name: String) throws {
    let archive = try open(name)
    #expect(
      Set(archive.tensors.map(\.name)) == [
        "net.module.encoder.weight", "net.module.encoder.bias", "list.0", "list.1.0",
        "optimizer.state.0.step", "optimizer.state.0.exp_avg",
      ])
    #expect(try values(archive, "net.module.encoder.bias") == [0, 1, 2, 3, 4, 5])
    #expect(try values(archive, "list.0") == [6, 7, 8, 9, 10, 11])
    #expect(try values(archive, "list.1.0") == [12, 13, 14, 15, 16, 17])
    #expect(try values(archive, "optimizer.state.0.step") == [5])
    #expect(archive.notes.isEmpty)
  }

  @Test func `a whole module and a script have their state dictionary's names`() throws {
    for name in ["module.pt", "module-legacy.pt", "script.pt"] {
      let archive = try open(name)
      #expect(
        Set(archive.tensors.map(\.name)) == [
          "0.weight", "0.bias", "1.0.weight", "1.0.bias", "position_ids",
        ], "\(name)")
      #expect(try values(archive, "0.weight") == (0..<24).map(Double.init))
      #expect(try values(archive, "1.0.bias") == [12, 13, 14, 15])
      #expect(try values(archive, "position_ids") == [0, 1, 2, 3, 4, 5])
      #expect(archive.notes.map(\.code) == [name == "script.pt" ? "torchscript" : "pickle-extra"])
    }
  }

  @Test func `parameters are their tensors`() throws {
    let archive = try open("parameters.pt")
    #expect(archive.tensors.map(\.name) == ["parameter", "with_state"])
    #expect(try values(archive, "with_state") == (0..<24).map(Double.init))
    #expect(archive.notes.isEmpty)
  }

  @Test func `shared and circular containers are read once`() throws {
    let archive = try open("recursive.pt")
    #expect(Set(archive.tensors.map(\.name)) == ["loop.1", "first.weight", "dict.tied"])
    #expect(Set(archive.storageIdentities.values).count == 1)
    try archive.readAll()
  }

  @Test func `a tensor alone has a name too`() throws {
    let archive = try open("single.pt")
    #expect(archive.tensors.map(\.name) == ["tensor"])
    #expect(try values(archive, "tensor") == (0..<24).map(Double.init))
  }

  @Test func `storages named by address are found`() throws {
    let archive = try open("addresses.pt")
    #expect(archive.tensors.map(\.name) == ["weight", "bias"])
    #expect(try values(archive, "bias") == [0, 1, 2, 3, 4, 5])
  }

  @Test func `what cannot be read is listed with its reason`() throws {
    let archive = try open("unreadable.pt")
    let reasons = [
      "conjugate": "a conjugated view", "negative": "a negated view",
      "sparse": "sparse", "rows": "sparse", "meta": "without data (meta)",
      "float8": "of type float8_e4m3fn", "wide": "of type complex128",
    ]
    #expect(Set(archive.tensors.map(\.name)) == Set(reasons.keys).union(["plain", "quantized"]))
    for tensor in archive.tensors where !["plain", "quantized"].contains(tensor.name) {
      let reason = try #require(reasons[tensor.name])
      #expect(tensor.type == .opaque)
      #expect(tensor.shape.dimensions == [4, 6], "\(tensor.name)")
      #expect(
        failure { try archive.bytes(of: tensor) }.hasSuffix(
          "reading a tensor that is \(reason) is not supported in tensor '\(tensor.name)'; "
            + "load it in PyTorch, make it a plain dense tensor and save it again"))
    }
    #expect(try values(archive, "plain") == (0..<24).map(Double.init))
    #expect(Set(archive.notes.map(\.code)) == ["unreadable-tensor"])
    #expect(archive.notes.contains { $0.message == "cannot be read, being sparse: sparse, rows" })
  }
}
