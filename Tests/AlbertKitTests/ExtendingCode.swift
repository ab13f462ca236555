import AlbertArchitecture
import AlbertBytes
import AlbertTensors

@testable import AlbertDiagnosis
@testable import AlbertExporters
@testable import AlbertUpstreams

enum PlainExport: OutputFormat {
  static let name = "plain"
  static let title = "a safetensors file without a config"
  static let endings = [".plain"]
  static let elementTypes: Set<ElementType> = [.float32]

  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile] {
    let note = ExportFile("NOTE", .bytes(Array("a format of its own".utf8)))
    return try ExportFormat.safetensors.type.files(model) + [note]
  }
}

enum Dashes: Upstream {
  static let name = "dashes"
  static let title = "a publisher that writes dashes for dots"
  static let gelu: Activation? = .geluErf
  static let dialect: (any ConfigDialect.Type)? = nil
  static let backbonePrefix: String? = "albert"

  static let tables = HuggingFace.tables.map { table in
    NameTable(
      rows: table.rows.map { $0.named($0.template.replacing(".", with: "-")) },
      training: table.training)
  }
}

enum Doubled: DefectKind {
  static let code = Diagnosis.Code(rawValue: "doubled")

  static func candidates(in scope: Scope) -> [Defect] {
    scope.sites.map { site in
      scope.defect(code, site, "is twice what it should be") { .change($0, .scaled(2)) }
    }
  }
}
