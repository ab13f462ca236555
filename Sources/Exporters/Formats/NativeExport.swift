internal import AlbertBytes
internal import AlbertTensors

/// This project's own native file.
///
/// Its header holds what no other container does, the source's digests among it, so that it is
/// written by the conversion itself.
enum NativeExport: ExportFormat {
  static let name = "native"
  static let title = "a native file"
  static let endings = [".albert"]
  static let elementTypes: Set<ElementType> = [.float32, .float16, .bfloat16, .int8]

  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile] { [] }
}
