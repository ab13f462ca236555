import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertExporters
import AlbertJSON
import AlbertNativeFormat
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertReports

/// Every document that the tool prints, from real files, against its schema.
@Suite struct DocumentTests {
  private static let sample = PackageFiles.root.appending("samples/tiny-tf1")

  @Test(arguments: [false, true])
  func inspectOfACheckpoint(_ reads: Bool) throws {
    let inspection = try Inspection.open(Self.sample)
    let statistics = reads ? try SourceStatistics.read(inspection) : nil
    let report = InspectReport(inspection, statistics: statistics)
    #expect(try SchemaValidator("inspect").violations(report.json) == [])
    #expect(report.json["format"]?.string == "tensorflow-checkpoint")
    #expect(report.json["parameters"]?["unique"]?.integer == 61_090)
    #expect(report.json["tensors"]?.elements?.first?["min"] != nil || !reads)
    #expect(report.json.members?.first?.key == "schema_version")
  }

  @Test func inspectOfAConfigAlone() throws {
    let path = PackageFiles.root.appending("samples/configs/albert_base_v2.json")
    let report = InspectReport(try ConfigFile.named(path), path: path.string)
    #expect(try SchemaValidator("inspect").violations(report.json) == [])
    #expect(report.json["format"]?.string == "config")
    #expect(report.json["variant"]?.string == "albert-base-v2")
    #expect(report.json["parameters"]?["unique"]?.integer == 11_683_584)
  }

  @Test func variants() throws {
    let document = VariantsReport(Variant.all).json
    #expect(try SchemaValidator("variants").violations(document) == [])
    #expect(document["variants"]?.elements?.count == Variant.all.count)
  }

  @Test func convertAsADryRun() throws {
    let plan = try ExportPlan(try Inspection.open(Self.sample), to: "out.albert")
    let document = ConvertReport(plan).json
    #expect(try SchemaValidator("convert").violations(document) == [])
    #expect(document["plan"]?.elements?.count == 32)
    #expect(document["tensors"]?["ignored"]?.integer == 1)
  }

  @Test func checkOfADamagedFile() throws {
    let report = CheckReport(
      path: "x", tensors: 2, byteCount: 8,
      failures: [NativeModel.Failure(tensor: "a", message: "differs")])
    #expect(try SchemaValidator("check").violations(report.json) == [])
    #expect(report.json["result"]?.string == "fail")
  }

  @Test func errors() throws {
    let error = FileError("x", .notFound)
    #expect(try SchemaValidator("error").violations(JSONReport.error(error)) == [])
  }

  @Test func aDocumentThatBreaksItsSchemaIsNoticed() throws {
    let document = JSONReport.document(["variants": .array([.integer(1)])])
    #expect(try !SchemaValidator("variants").violations(document).isEmpty)
  }

  @Test func textFitsEightyColumns() throws {
    let inspection = try Inspection.open(Self.sample)
    let report = InspectReport(inspection, statistics: try SourceStatistics.read(inspection))
    let lines =
      report.lines(showsTensors: false, terminal: .plain).dropFirst()
      + VariantsReport(Variant.all).lines(terminal: .plain)
    for line in lines { #expect(line.count <= 80, "\(line)") }
  }

  @Test func thePageHoldsEverythingAndFetchesNothing() throws {
    let inspection = try Inspection.open(Self.sample)
    let facts = FileFacts(path: "a/b.index", size: 7, modified: 951_782_400, sha256: "00ff")
    let page = InspectReport(inspection, statistics: try SourceStatistics.read(inspection))
      .html(tool: "albert 9.9", files: [facts])
    for word in [
      "61,090", "gamma", "prefers-color-scheme", "<svg", "albert 9.9", "a/b.index", "00ff",
      "2000-02-29 00:00 UTC", "mlm_layer_norm_eps",
    ] {
      #expect(page.contains(word), "\(word)")
    }
    for word in ["http://", "https://", "<script ", "@import", "src="] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(HTMLPage.escape("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;")
  }
}
