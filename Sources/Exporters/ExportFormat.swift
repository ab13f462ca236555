/// A format that models are written in, such as `.huggingFace`.
public struct ExportFormat: Sendable {
  /// What the format can say, and which files it consists of.
  package let type: any OutputFormat.Type

  /// The format that a type describes.
  package init(_ type: any OutputFormat.Type) { self.type = type }

  /// The format of a word, such as `huggingface`, for programs that take it from their users.
  ///
  /// - Parameter name: One of the names of ``all``; nil results from any other word.
  public init?(named name: String) {
    guard let type = ExportRegistry.named(name) else { return nil }
    self.type = type
  }

  /// Every format, in the order of documentation.
  public static var all: [ExportFormat] { ExportRegistry.formats.map { ExportFormat($0) } }

  /// The word for the format, such as `huggingface`.
  public var name: String { type.name }

  /// The format in a few words, such as `a NumPy archive`.
  public var title: String { type.title }
}

extension ExportFormat: Hashable {
  /// Whether both are the same format.
  public static func == (left: ExportFormat, right: ExportFormat) -> Bool {
    left.type == right.type
  }

  /// Feeds what tells formats apart into a hasher.
  ///
  /// - Parameter hasher: The hasher.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(type)) }
}
