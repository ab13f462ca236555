import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertDiagnosis
import AlbertExporters
import AlbertJSON
import AlbertReading
import AlbertTensors
import AlbertTestSupport
import Testing

/// The words that schemas allow are those that the code has: what reads a document by its schema knows each.
@Suite struct SchemaWordsTests {
  private static let activations = Activation.allCases.map(\.rawValue)
  private static let heads = ["mlm", "sop"] + TaskHead.allCases.map(\.rawValue)

  /// The words that a schema allows for a key, of every place that lists some.
  private func words(_ key: String, in name: String) throws -> [[String]] {
    let path = PackageFiles.root.appending("schemas/\(name).schema.json")
    let file = try SourceFile(path)
    let schema = try JSONValue.parse(try file.bytes(at: 0, count: file.size), path: path.string)
    var found: [[String]] = []
    func collect(_ value: JSONValue, under holder: String) {
      if holder == key, let list = (value["enum"] ?? value["items"]?["enum"])?.elements {
        found.append(list.compactMap(\.string))
      }
      for member in value.members ?? [] { collect(member.value, under: member.key) }
      for element in value.elements ?? [] { collect(element, under: "") }
    }
    collect(schema, under: "")
    return found
  }

  private func expect(
    _ key: String, in schema: String, _ words: [String],
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let lists = try self.words(key, in: schema)
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

  @Test func codesOfDiagnoses() throws {
    try expect("code", in: "verify", Diagnosis.Code.allCases.map(\.rawValue))
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
