import AlbertArchives
import AlbertBytes
import AlbertConversion
import AlbertGraphEngine
import AlbertGraphs
import AlbertReading
import AlbertJSON
import AlbertNativeFormat
import SystemPackage
import AlbertTensors
import AlbertTokenizers
import AlbertVerification

/// One reader, and how it is fed: the name that the bytes get, and what is done with that file.
struct Target: Sendable {
  let name: String
  /// The input's path in the target's folder.
  let file: String
  /// The path to open where it is not the file.
  let opened: String
  let read: @Sendable (FilePath) throws -> Void

  init(
    _ name: String, _ file: String, opened: String? = nil,
    _ read: @escaping @Sendable (FilePath) throws -> Void
  ) {
    self.name = name
    self.file = file
    self.opened = opened ?? file
    self.read = read
  }

  /// One line per reader; a new format's reader is one more.
  static let all = [
    Target("safetensors", "model.safetensors", readModel),
    Target("pytorch", "model.pt", readModel),
    Target("npz", "model.npz", readModel),
    Target("msgpack", "model.msgpack", readModel),
    Target("onnx", "model.onnx", readModel),
    Target("graph", "model.onnx", runGraph),
    Target("tflite", "model.tflite") { path in
      do { try runGraph(path) } catch {}
      try readModel(path)
    },
    Target("tensorflow", "model.index", readModel),
    Target("saved-model", "saved_model.pb", opened: "", readModel),
    Target("hdf5", "model.h5", readModel),
    Target("keras", "model.keras", readModel),
    Target("shard-index", "model.safetensors.index.json", readModel),
    Target("native", "model.albert") { path in
      _ = try NativeModel(path).check()
      try readModel(path)
    },
    Target("json", "document.json") { path in
      let document = try JSONValue.parse(SourceFile(path))
      let again = try JSONValue.parse(Array(document.text(pretty: true).utf8), path: "again")
      precondition(document == again, "what is written is read differently")
    },
    Target("sentencepiece", "spiece.model", readTokenizer),
    Target("tokenizer", "tokenizer.json", readTokenizer),
    Target("vocabulary", "vocab.txt", readTokenizer),
    Target("config", "config.json") { path in _ = try ConfigFile.named(path) },
    Target("golden", "golden.npz") { path in
      let file = try GoldenFile(path, options)
      for stage in file.stages.keys { _ = try file.values(of: stage) }
    },
    Target("inputs", "inputs.safetensors") { path in _ = try GoldenFile(path, options).inputs },
  ]

  private static let options = ArchiveOptions(worker: Environment.worker)

  /// Opens a container, reads every tensor, and asks what model it is.
  private static func readModel(_ path: FilePath) throws {
    let archive = try ArchiveRegistry.open(path, options)
    for tensor in archive.tensors {
      var count = 0
      // One tensor that cannot be read says nothing about the next.
      do {
        try archive.read(tensor.name) { count += $0.byteCount }
      } catch { continue }
      precondition(count == tensor.byteCount, "a tensor of another length than described")
    }
    try archive.finish()
    _ = try Inspection.open(path, InspectionOptions(archive: options))
  }

  /// Runs a graph on inputs that it says it takes, with little to spend.
  private static func runGraph(_ path: FilePath) throws {
    let engine = try GraphEngine(try GraphRegistry.open(path))
    var inputs: [String: GraphValue] = [:]
    for port in engine.model.graph.inputs {
      let extents = (port.extents ?? []).map { if case .fixed(let size) = $0 { size } else { 2 } }
      guard let shape = Shape(checking: extents), shape.count <= 1 << 12 else { continue }
      let type = port.type ?? .int64
      let ones = [Int64](repeating: 1, count: shape.count)
      switch type.family {
      case .numbers: inputs[port.name] = GraphValue(ones.map(Double.init), type, shape)
      case .integers: inputs[port.name] = GraphValue(ones, type, shape)
      case .flags: inputs[port.name] = GraphValue(ones.map { $0 == 1 }, shape)
      case .none: continue
      }
    }
    _ = try engine.run(inputs, budget: 0.001)
  }

  /// Reads a tokenizer, and cuts texts that go through its rules.
  private static func readTokenizer(_ path: FilePath) throws {
    let tokenizer = try Tokenizer(TokenizerFiles(beside: path))
    for text in [
      "", "Caf\u{E9} 1990, ``x'' [MASK] \u{FB01}\u{FF21}\u{4E2D}", "\u{301}\u{0}\u{200D}",
    ] {
      let encoding = tokenizer.encode(text, pair: text)
      _ = tokenizer.decode(encoding.ids, skipsSpecialTokens: false)
    }
  }
}
