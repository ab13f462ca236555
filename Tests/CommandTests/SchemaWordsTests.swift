import AlbertArchitecture
import AlbertArchives
import AlbertDiagnosis
import AlbertExporters
import AlbertReading
import AlbertTensors
import AlbertVerification
import Testing

/// The words that schemas allow are those that the code has: what reads a document by its schema knows each.
@Suite struct SchemaWordsTests {
  private static let activations = Activation.allCases.map(\.rawValue)
  private static let heads = ["mlm", "sop"] + TaskHead.allCases.map(\.rawValue)

  private func expect(
    _ key: String, in schema: String, _ words: [String],
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let lists = try SchemaValidator(schema).words(of: key)
    #expect(!lists.isEmpty, "\(schema) lists no words for \(key)", sourceLocation: location)
    for list in lists {
      #expect(Set(list) == Set(words), "\(schema): \(key)", sourceLocation: location)
    }
  }

  @Test func formats() throws {
    // A config alone is no container.
    let read = ArchiveRegistry.formats.map { $0.name } + ["native", "config"]
    try expect("format", in: "inspect", read)
    try expect("format", in: "convert", ExportFormat.all.map(\.name))
  }

  @Test func checksAndDiagnoses() throws {
    try expect("code", in: "verify", Diagnosis.Code.allCases.map(\.rawValue))
    try expect("name", in: "verify", Check.Name.allCases.map(\.rawValue))
  }

  @Test func whatModelsHave() throws {
    for schema in ["inspect", "native-metadata", "variants"] {
      try expect("hidden_act", in: schema, Self.activations)
    }
    try expect("trained_with", in: "variants", Self.activations)
    for schema in ["inspect", "native-metadata"] { try expect("heads", in: schema, Self.heads) }
  }

  @Test func howTensorsAreRead() throws {
    let layouts = Layout.allCases.map(\.rawValue)
    try expect("layout", in: "inspect", layouts)
    try expect("layout", in: "convert", layouts + ["identity", "initialized"])
    let sources: [ConfigSource] = [.file(""), .embedded, .graph, .inferred]
    try expect("config_source", in: "inspect", sources.map(\.word))
  }
}
