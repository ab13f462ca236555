package import AlbertArchitecture
internal import AlbertBytes
package import AlbertConversion
internal import AlbertNativeFormat
package import AlbertTensors

/// What a format needs to know of the model that is written, and of how it is written.
package struct ExportModel: Sendable {
  /// The plan, built from the source's headers.
  package let plan: ConversionPlan
  /// The output's path, which errors name.
  package let path: String
  /// The name of the file where the output is a single one; nil in a folder.
  package let fileName: String?
  /// Files of the source that go along, by their names in an output.
  package let passthrough: [PassthroughFile]
  /// Whether tensors go to a file of their own, where the format knows such.
  package let keepsDataApart: Bool
  /// The program that writes, such as `albert 1.0.0`.
  package let tool: String

  /// What the output computes.
  package var config: AlbertConfig { plan.config }
  /// Which parts it has.
  package var contents: ModelContents { plan.contents }
  /// Its parameters in order of use.
  package var tensors: [PlannedTensor] { plan.tensors }
  /// Whether the output is a folder.
  package var isFolder: Bool { fileName == nil }

  /// The canonical config, a native file's, as metadata of other containers: for what their tensors, or a
  /// graph's operators, do not show.
  var statedConfig: (key: String, value: String) {
    (NativeProfile.Key.config.rawValue, NativeConfig.json(config, contents).text())
  }

  /// The element type by which the whole model goes: that of the word embeddings.
  package var elementType: ElementType {
    tensors.first { $0.spec.parameter.role == .wordEmbeddings }?.type ?? .float32
  }
}

/// A file that goes along with a model unchanged, such as a tokenizer's.
package struct PassthroughFile: Sendable {
  /// What a file is for.
  package enum Kind: Sendable {
    /// It turns text into ids.
    case tokenizer
    /// It says how a text's vector is made.
    case pooling
  }

  /// What it is for.
  let kind: Kind
  /// Its name in an output.
  package let name: String
  /// Its name in the source.
  let place: String
  /// Its bytes, or where they are.
  let content: ExportFile.Content

  /// Its bytes.
  func bytes() throws(FileError) -> [UInt8] {
    switch content {
    case .bytes(let bytes): return bytes
    case .copy(let file):
      let bytes = try file.bytes(at: 0, count: file.size)
      try file.checkUnchanged()
      return bytes
    case .weights: return []
    }
  }
}
