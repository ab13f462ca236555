/// What a caller can state or allow, and an error or a finding may ask for.
///
/// A program words each as its users state it: the tool as an option, a server as a field of its form.
public enum Setting: Hashable, Sendable {
  /// The model's config: `InspectionOptions.config`.
  case config
  /// The name under which ALBERT sits inside a larger model: `InspectionOptions.prefix`.
  case prefix(String? = nil)
  /// The kind of a task head, by its raw value: `InspectionOptions.head`.
  case head(String? = nil)
  /// That a masked-LM head decodes with the word embeddings: `InspectionOptions.decoder`.
  case tied
  /// That a masked-LM head decodes with a matrix of its own: `InspectionOptions.decoder`.
  case untied
  /// The tensor that is the word embeddings under another name: `InspectionOptions.tie`.
  case tie(String? = nil)
  /// That HDF5 is only parsed in a sandbox: `ArchiveOptions.requireSandbox`.
  case requireSandbox
  /// The output's format: `ExportOptions.format`.
  case format
  /// The output's element type, by its raw value: `ExportOptions.type`.
  case elementType(String? = nil)
  /// That an existing output is replaced: `ExportOptions.replacesExisting`.
  case replacing
  /// That what a format cannot say is changed: `ExportOptions.allowsInexact`.
  case inexact
  /// That what a source lacks is made up: `ExportOptions.initializesMissing`.
  case initializing
  /// Inputs of a forward pass: `Verification.Options.inputs`.
  case inputs
  /// The stage that a graph's output is, which the tool takes, as `OUTPUT=STAGE`.
  case map(String? = nil)
  /// The adapter that goes with a base, by its folder: `InspectionOptions.adapter`.
  case adapter(String? = nil)
  /// A conversion of a source, with an adapter where one is named: `Export.run`.
  case conversion(String, adapter: String? = nil)
  /// That both sides hold every parameter: `Verification.Options.isComplete`.
  case complete
  /// A list of the source's tensors, which the tool prints.
  case tensorList
}

extension Setting {
  /// The property of the library that states it, with the value where there is one.
  package var description: String {
    switch self {
    case .config: "InspectionOptions.config"
    case .prefix(let value): Self.words("InspectionOptions.prefix", value)
    case .head(let value): Self.words("InspectionOptions.head", value)
    case .tied: "InspectionOptions.decoder tied"
    case .untied: "InspectionOptions.decoder untied"
    case .tie(let value): Self.words("InspectionOptions.tie", value)
    case .requireSandbox: "ArchiveOptions.requireSandbox"
    case .format: "ExportOptions.format"
    case .elementType(let value): Self.words("ExportOptions.type", value)
    case .replacing: "ExportOptions.replacesExisting"
    case .inexact: "ExportOptions.allowsInexact"
    case .initializing: "ExportOptions.initializesMissing"
    case .inputs: "Verification.Options.inputs"
    case .map(let value): Self.words("the albert tool's option --map", value)
    case .adapter(let value): Self.words("InspectionOptions.adapter", value)
    case .conversion(let source, let adapter):
      "Export.run of \(source)" + (adapter.map { " with InspectionOptions.adapter \($0)" } ?? "")
    case .complete: "Verification.Options.isComplete"
    case .tensorList: "the albert tool"
    }
  }

  /// What states a setting, and the value where there is one.
  package static func words(_ name: String, _ value: String?) -> String {
    value.map { "\(name) \($0)" } ?? name
  }
}
