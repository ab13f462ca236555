import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage

/// A model's parameters in memory, by their names.
struct MemoryStore: ParameterStore {
  var config: AlbertConfig
  var contents: ModelContents
  var parameters: [String: (type: ElementType, bytes: [UInt8])]

  func elementType(of parameter: Parameter) -> ElementType {
    parameters[parameter.name]?.type ?? .opaque
  }

  func withBytes<R>(of parameter: Parameter, _ body: (RawSpan) -> R) -> R {
    let bytes = parameters[parameter.name]?.bytes ?? []
    return unsafe body(bytes.span.bytes)
  }

  /// Overwrites one element of a Float32 parameter.
  mutating func set(_ parameter: Parameter, at index: Int, with value: Float) {
    let bits = value.bitPattern
    let name = parameter.name
    for byte in 0..<4 {
      parameters[name]?.bytes[4 * index + byte] = UInt8(truncatingIfNeeded: bits >> (8 * byte))
    }
  }
}

/// The two small models and what transformers computed with them in Float64.
enum Fixture {
  static let tinyA = AlbertConfig(
    vocabSize: 512, embeddingSize: 32, hiddenSize: 64, intermediateSize: 128,
    maxPositionEmbeddings: 64, typeVocabSize: 2, numHiddenLayers: 3, numAttentionHeads: 4,
    hiddenAct: .geluTanh)

  static let tinyB = AlbertConfig(
    vocabSize: 640, embeddingSize: 24, hiddenSize: 48, intermediateSize: 160,
    maxPositionEmbeddings: 80, typeVocabSize: 2, numHiddenLayers: 4, numHiddenGroups: 2,
    innerGroupNum: 2, numAttentionHeads: 3, hiddenAct: .geluErf)

  static func npz(_ name: String) throws -> Npz {
    try Npz(PackageFiles.fixtures.appending(name))
  }

  static func storeA(
    _ contents: ModelContents = .preTraining, labels: Int = 0, head: String? = nil
  ) throws -> MemoryStore {
    var store = try store("tiny-a/weights.npz", tinyA, contents)
    store.config.taskHead = contents.taskHead
    store.config.numLabels = labels
    if let head {
      for (name, array) in try npz("tiny-a/head-\(head)-params.npz").arrays {
        store.parameters[name] = (array.type, array.bytes)
      }
    }
    return store
  }

  static func storeB() throws -> MemoryStore {
    try store("tiny-b/weights.npz", tinyB, .preTraining)
  }

  /// Tiny-a's weights in a half-precision type, as Hugging Face saved them.
  static func halfStoreA(_ name: String) throws -> MemoryStore {
    let archive = try ArchiveRegistry.open(PackageFiles.fixtures.appending("tiny-a/\(name)"))
    var store = MemoryStore(config: tinyA, contents: .preTraining, parameters: [:])
    for tensor in archive.tensors {
      store.parameters[tensor.name] = (tensor.type, try archive.bytes(of: tensor))
    }
    return store
  }

  private static func store(_ name: String, _ config: AlbertConfig, _ contents: ModelContents)
    throws -> MemoryStore
  {
    MemoryStore(
      config: config, contents: contents,
      parameters: try npz(name).arrays.mapValues { ($0.type, $0.bytes) })
  }
}

extension Npz {
  /// The recorded inputs, as [batch, sequence] or with choices.
  func inputs(choices: Int? = nil) throws -> ModelInputs {
    func integers(_ name: String) -> [Int]? { arrays[name]?.doubles.map { Int($0) } }
    var shape = arrays["input_ids"]?.shape ?? Shape([])
    if let choices {
      shape = Shape([shape.dimensions[0] / choices, choices, shape.dimensions[1]])
    }
    return try ModelInputs(
      inputIDs: integers("input_ids") ?? [], shape: shape,
      attentionMask: integers("attention_mask"), tokenTypeIDs: integers("token_type_ids"))
  }

  /// The recorded stages in this file.
  var stages: [Stage] { arrays.keys.sorted().compactMap { Stage(name: $0) } }
}

/// The largest absolute difference of one stage; infinite where the shapes differ or a value is not
/// finite.
func maxAbs<Element>(_ output: StageOutput<Element>, _ golden: Npz) -> Double {
  guard let recorded = golden.arrays[output.stage.name], recorded.shape == output.shape else {
    return .infinity
  }
  return maxAbs(output.values, recorded.doubles)
}

func maxAbs<A: BinaryFloatingPoint, B: BinaryFloatingPoint>(_ a: [A], _ b: [B]) -> Double {
  guard a.count == b.count else { return .infinity }
  var largest = 0.0
  for (x, y) in zip(a, b) {
    let difference = abs(Double(x) - Double(y))
    largest = difference.isFinite ? max(largest, difference) : .infinity
  }
  return largest
}

extension ParameterStore {
  /// All elements of a parameter.
  func doubles(_ parameter: Parameter) -> [Double] {
    withBytes(of: parameter) { $0.doubles(of: elementType(of: parameter)) ?? [] }
  }
}
