import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertJSON
import AlbertTensors
import AlbertTestSupport
import AlbertTokenizers
import SystemPackage

@testable import AlbertPipelines

/// What transformers' pipelines made of the small models here.
enum Truth {
  static let folder = PackageFiles.fixtures.appending("heads")

  static let document: JSONValue = {
    (try? JSONValue.parse(SourceFile(folder.appending("truth.json")))) ?? .null
  }()

  /// The texts that the pipelines read.
  static let texts = document["texts"]?.elements?.compactMap(\.string) ?? []

  /// The vocabulary of all models, read as the tokenizers library does.
  static let tokenizer: Tokenizer? = {
    guard let file = try? SourceFile(folder.appending("spiece.model")),
      let bytes = try? file.bytes(at: 0, count: file.size)
    else { return nil }
    return try? Tokenizer(
      TokenizerFiles([TokenizerFiles.sentencePiece: bytes], path: "spiece.model"), family: .fast)
  }()

  /// A model with its head, and what a test changes of its config.
  static func albert(
    _ head: String, _ engine: Engine = .fast, change: (inout AlbertConfig) -> Void = { _ in }
  ) throws -> Albert {
    guard let tokenizer else { throw FileError("spiece.model", .missing("the tokenizer")) }
    let loaded = try LoadedModel(folder.appending(head))
    var config = loaded.model.config
    change(&config)
    let store = Reconfigured(base: loaded.model, config: config)
    return try Albert(
      store, tokenizer, try ForwardEngine(engine, store), path: head)
  }
}

/// A model's parameters under another config.
struct Reconfigured: ParameterStore {
  let base: any ParameterStore
  let config: AlbertConfig
  var contents: ModelContents { base.contents }

  func elementType(of parameter: Parameter) -> ElementType { base.elementType(of: parameter) }

  func withBytes<R>(of parameter: Parameter, _ body: (RawSpan) -> R) -> R {
    base.withBytes(of: parameter, body)
  }
}

extension Double {
  /// Whether a probability is the same to the accuracy of Float32.
  func isClose(to other: Double?, within tolerance: Double = 1e-5) -> Bool {
    other.map { abs(self - $0) <= tolerance } ?? false
  }
}
