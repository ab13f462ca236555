import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertJSON
import AlbertTensors
import AlbertTestSupport
import SystemPackage

import AlbertUpstreams
@testable import AlbertGraphRecognition

/// Small models that real exporters wrote, and what went into them.
struct GraphFixture {
  static let folder = PackageFiles.fixtures.appending("graphs")

  let archive: any TensorArchive
  let graph: OperatorGraph
  let truth: JSONValue
  /// SHA-256, cut to 32 digits, of each parameter as PyTorch holds it.
  let weights: [String: String]

  init(_ name: String) throws {
    archive = try ArchiveRegistry.open(Self.folder.appending("\(name).onnx"))
    guard let graph = archive.graph else { throw Missing() }
    self.graph = graph
    let document = try JSONValue.parse(SourceFile(Self.folder.appending("truth.json")))
    guard let truth = document["models"]?[name], let set = truth["weights"]?.string,
      let members = document["weights"]?[set]?.members
    else { throw Missing() }
    self.truth = truth
    weights = Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value.string ?? "") })
  }

  struct Missing: Error {}

  func config(_ key: String) -> Int? { truth["config"]?[key]?.integer }

  /// All models in the graph.
  func readings(_ hint: PartialConfig? = nil) throws -> [GraphReading] {
    try GraphReader.readings(of: graph, hint: hint, content: archive.read)
  }

  /// A tensor's content in canonical layout.
  func canonical(_ name: String, _ layout: Layout, _ parameter: Parameter) throws -> [UInt8] {
    guard let tensor = archive.tensors.first(where: { $0.name == name }),
      let shape = layout.canonicalShape(of: tensor.shape)
    else { throw Missing() }
    return layout.toCanonical(
      try archive.bytes(of: tensor), canonical: shape, elementSize: tensor.type.size)
  }

  /// Every parameter and copy of a reading with its content.
  func contents(of reading: GraphReading) throws -> [(
    parameter: Parameter, isCopy: Bool, bytes: [UInt8]
  )] {
    var result: [(parameter: Parameter, isCopy: Bool, bytes: [UInt8])] = []
    for (name, meanings) in reading.meanings {
      for meaning in meanings {
        switch meaning {
        case .parameter(let parameter, let layout):
          result.append((parameter, false, try canonical(name, layout, parameter)))
        case .copy(let parameter, let layout, _):
          result.append((parameter, true, try canonical(name, layout, parameter)))
        case .buffer, .training, .surrounding, .unexpected: break
        }
      }
    }
    return result
  }
}

/// SHA-256, cut to 32 digits.
func shortSHA256(_ bytes: [UInt8]) -> String {
  var hasher = SHAHasher(.sha256)
  unsafe hasher.update(bytes.span.bytes)
  return String(hasher.digest().prefix(32))
}
