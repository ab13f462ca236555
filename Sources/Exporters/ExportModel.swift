public import Albert
public import Bytes
public import Conversion
public import Tensors

/// What a format needs to know of the model that is written, and of how it is written.
public struct ExportModel: Sendable {
  /// The plan, built from the source's headers.
  public let plan: ConversionPlan
  /// The output's path, which errors name.
  public let path: String
  /// The name of the file where the output is a single one; nil in a folder.
  public let fileName: String?
  /// Tokenizer files of the source, by their names in an output.
  public let carried: [CarriedFile]
  /// Whether tensors go to a file of their own, where the format knows such.
  public let keepsDataApart: Bool
  /// The program that writes, such as `albert 1.0.0`.
  public let tool: String

  /// What the output computes.
  public var config: AlbertConfig { plan.config }
  /// Which parts it has.
  public var contents: ModelContents { plan.contents }
  /// Its parameters in order of use.
  public var tensors: [PlannedTensor] { plan.tensors }
  /// Whether the output is a folder.
  public var isFolder: Bool { fileName == nil }

  /// The element type by which the whole model goes: that of the word embeddings.
  public var elementType: ElementType {
    tensors.first { $0.spec.parameter.role == .wordEmbeddings }?.type ?? .float32
  }
}

/// A file that goes along with a model unchanged, such as a tokenizer's.
public struct CarriedFile: Sendable {
  /// Its name in an output.
  public let name: String
  /// The file.
  public let file: SourceFile
}
