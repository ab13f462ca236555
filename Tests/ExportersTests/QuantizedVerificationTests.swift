import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertExporters
import AlbertTestSupport
import AlbertVerification
import SystemPackage
import Testing

/// A file of 8-bit integers is held to what rounding to them explains, and to no more.
@Suite struct QuantizedVerificationTests {
  private func export(_ scratch: Scratch, _ source: FilePath, _ name: String) throws -> LoadedModel
  {
    _ = try Export.run(
      source, to: scratch.path(name), Models.options("native", .i8), reading: Models.reading())
    return try LoadedModel(scratch.path(name), Models.reading())
  }

  @Test(arguments: ["one/hf-safetensors", "two/hf-safetensors"]) func passesAgainstItsSource(
    _ model: String
  ) throws {
    let scratch = try Scratch()
    let source = Models.folder.appending(model)
    let integers = try export(scratch, source, "i8.albert")
    let floats = try LoadedModel(source, Models.reading())
    let result = try Verification.verify(integers, against: floats)
    #expect(result.passes)
    #expect(result.diagnosis.isEmpty)
    #expect(try Verification.verify(floats, against: integers).passes)
    // The tolerance is no blank cheque: it is of the size of the error.
    for stage in result.stages where stage.engine == .reference {
      let error = try #require(stage.error).real.maxAbs
      #expect(stage.tolerance < 200 * error, "\(stage.stage.name) \(stage.tolerance) \(error)")
    }
  }

  @Test func anotherModelsIntegersFail() throws {
    let scratch = try Scratch()
    let source = try scratch.writeModel(largest: 0.5)
    _ = try ExportPlan(
      try Inspection.open(source, Models.reading(SmallModel.config)),
      to: scratch.path("i8.albert"), Models.options("native", .i8)
    ).run()
    let integers = try LoadedModel(scratch.path("i8.albert"), Models.reading())
    // One number of a matrix is off by a whole step of its row.
    let changed = try scratch.writeModel(
      largest: 0.5, shifting: 0.3 / 127, name: "other.safetensors")
    let other = try LoadedModel(
      try Inspection.open(changed, Models.reading(SmallModel.config)))
    let result = try Verification.verify(integers, against: other)
    #expect(!result.passes)
    let failed = result.weights.filter { $0.outcome == .fail }.map(\.parameter.role)
    #expect(failed == [.ffnWeight])
  }
}
