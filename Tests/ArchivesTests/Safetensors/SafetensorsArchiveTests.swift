import AlbertArchives
import AlbertBytes
import AlbertJSON
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@Suite struct SafetensorsArchiveTests {
  private static let sharded = "safetensors/sharded"
  private static let index = "model.safetensors.index.json"
  private static let shards = (1...5).map { "model-0000\($0)-of-00005.safetensors" }

  /// A file that PyTorch's binding wrote, against what it reads back itself.
  @Test func readsEveryType() throws {
    let archive = try ArchiveRegistry.open(Fixture.path("safetensors/every-type.safetensors"))
    #expect(archive.format == "safetensors")
    #expect(archive.metadata == ["format": "pt", "note": "ä \"quoted\" \\ \n"])
    let truth = try Truth.document("safetensors/every-type.json")
    #expect(archive.tensors.count == truth.members?.count)
    for tensor in archive.tensors {
      let expected = try #require(truth[tensor.name])
      #expect(tensor.shape.dimensions == expected["shape"]?.elements?.compactMap(\.integer))
      if tensor.name == "float8" {
        #expect(tensor.type == .opaque)
        #expect(
          failure { try archive.sha256(of: tensor.name) }.hasSuffix(
            "the element type 'F8_E4M3' is not supported in tensor 'float8'; "
              + "save the model again as F32, F16 or BF16"))
      } else {
        #expect(tensor.type.name == expected["dtype"]?.string)
        #expect(try archive.sha256(of: tensor.name) == expected["sha256"]?.string)
      }
    }
    #expect(archive.tensors.map(\.name).prefix(3) == ["uint64", "int64", "float64"])
    #expect(failure { try archive.sha256(of: "absent") }.contains("the tensor is missing"))
    try archive.finish()
  }

  /// The folder, the index and each shard all stand for the whole checkpoint.
  @Test(arguments: ["", index] + shards) func opensAllShards(_ name: String) throws {
    let path = Fixture.path(name.isEmpty ? Self.sharded : "\(Self.sharded)/\(name)")
    let archive = try ArchiveRegistry.open(path)
    let truth = try Truth.tinyA()
    // The tied decoder is stored once.
    #expect(Set(archive.tensors.map(\.name)) == Set(truth.keys.filter { !$0.contains("decoder") }))
    for tensor in archive.tensors {
      #expect(try archive.sha256(of: tensor.name) == truth[tensor.name], "\(tensor.name)")
    }
    #expect(archive.files.count == 6)
    #expect(archive.files[0].name == (name.isEmpty ? Self.index : name))
    #expect(Set(archive.files.map(\.name)).count == 6)
    #expect(archive.notes.isEmpty)
    try archive.finish()
  }

  @Test func noticesAShardWithoutItsIndex() throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      Fixture.bytes("\(Self.sharded)/\(Self.shards[1])"), Self.shards[1])
    let archive = try ArchiveRegistry.open(path)
    #expect(archive.notes.map(\.code) == ["shard-alone"])
    #expect(
      archive.notes[0].message.hasPrefix("model-00002-of-00005.safetensors is one of the 5 parts"))
    try archive.readAll()
  }

  private static let part = #"{"NAME":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#

  /// A checkpoint of two shards, the first holding `a` and the second `b`, with this `weight_map`.
  private func open(_ map: String, extra: String? = nil, without: String? = nil) throws -> String {
    let scratch = try Scratch()
    for (name, tensor) in [("m-1.safetensors", "a"), ("m-2.safetensors", "b")]
    where name != without {
      var header = Self.part.replacing("NAME", with: tensor)
      if let extra, tensor == "b" {
        header.removeLast()
        header += ",\"\(extra)\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"
      }
      let length = [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0]
      try scratch.write(length + Array(header.utf8) + [1], name)
    }
    let path = try scratch.write(
      Array(#"{"weight_map":MAP}"#.replacing("MAP", with: map).utf8), Self.index)
    do {
      try ArchiveRegistry.open(path).readAll()
      return "no error"
    } catch let error as FileError {
      return
        "\(FilePath(error.path).lastComponent?.string ?? ""): \(error.message); \(error.remedy)"
    }
  }

  private static let apart = "download index and shards again, from one place and in one version"

  @Test func comparesIndexAndShards() throws {
    let whole = #"{"a":"m-1.safetensors","b":"m-2.safetensors"}"#
    #expect(try open(whole) == "no error")
    #expect(
      try open(whole, without: "m-2.safetensors")
        == "\(Self.index): the shard 'm-2.safetensors', one of 2, is missing; "
        + "download or copy it into the same folder")
    #expect(
      try open(#"{"a":"m-1.safetensors","b":"m-2.safetensors","c":"m-1.safetensors"}"#)
        == "\(Self.index): the tensor's shard: expected it in 'm-1.safetensors', "
        + "found no such tensor there in tensor 'c'; \(Self.apart)")
    #expect(
      try open(whole, extra: "a")
        == "\(Self.index): the tensor's shard: expected one, "
        + "found it in 'm-2.safetensors' once more in tensor 'a'; \(Self.apart)")
    #expect(
      try open(whole, extra: "c")
        == "\(Self.index): the tensor's shard: expected one in the 'weight_map', "
        + "found it only in 'm-2.safetensors' in tensor 'c'; \(Self.apart)")
    #expect(
      try open(#"{"a":"m-2.safetensors","b":"m-1.safetensors"}"#)
        == "\(Self.index): the tensor's shard: expected 'm-2.safetensors' by the "
        + "'weight_map', found it in 'm-1.safetensors' in tensor 'a'; \(Self.apart)")
  }

  @Test func refusesIndexesThatAreNone() throws {
    #expect(try open("{}").contains("the 'weight_map' is empty"))
    #expect(try open("[]").contains("the index has no 'weight_map' that is an object"))
    #expect(try open(#"{"a":1}"#).contains("the 'weight_map' names no file for 'a'"))
    #expect(try open(#"{"a":[]}"#).contains("the 'weight_map' names no file for 'a'"))
    #expect(try open(#"{"a":["m-1.safetensors",2]}"#).contains("names no file for 'a'"))
    for name in ["../m-1.safetensors", "/etc/passwd", "x/m-1.safetensors"] {
      #expect(
        try open(#"{"a":"NAME"}"#.replacing("NAME", with: name)).contains(
          "the 'weight_map' names '\(name)', which lies in another folder; put all files"))
    }
    for name in ["..", ".", ""] {
      #expect(
        try open(#"{"a":"NAME"}"#.replacing("NAME", with: name)).contains(
          "the file names '\(name)', which is not inside the model's own folder"))
    }
  }
}
