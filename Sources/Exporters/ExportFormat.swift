/// A format that models are written in, such as `.huggingFace`.
public struct ExportFormat: Hashable, Sendable {
  private let kind: FormatKind

  /// What the format can say, and which files it consists of.
  package var type: any OutputFormat.Type { kind.type }

  /// The format that a type describes.
  package init(_ type: any OutputFormat.Type) { kind = FormatKind(type: type) }

  /// The format of a word, such as `huggingface`, for programs that take it from their users.
  ///
  /// - Parameter name: One of the names of ``all``; nil results from any other word.
  public init?(named name: String) {
    guard let type = ExportRegistry.named(name) else { return nil }
    self.init(type)
  }

  /// Every format, in the order of documentation.
  public static var all: [ExportFormat] { ExportRegistry.formats.map { ExportFormat($0) } }

  /// The word for the format, such as `huggingface`.
  public var name: String { type.name }

  /// The format in a few words, such as `a NumPy archive`.
  public var title: String { type.title }
}

/// A type of format as a value, which is equal where the type is the same.
private struct FormatKind: Hashable {
  let type: any OutputFormat.Type

  static func == (left: FormatKind, right: FormatKind) -> Bool { left.type == right.type }

  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(type)) }
}
