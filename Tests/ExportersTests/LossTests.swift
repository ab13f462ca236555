import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertExporters
import AlbertNativeFormat
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// What rounding costs is measured and told.
@Suite struct LossTests {
  private func export(
    _ type: OutputType, _ scratch: Scratch, _ maxError: Double? = nil
  ) throws -> ExportOutcome {
    var options = Models.options("native", type)
    options.maxError = maxError
    return try ExportPlan(
      try Models.inspect("two/hf-safetensors"), to: scratch.path("out.albert"), options
    ).run()
  }

  @Test(arguments: [OutputType.f16, .bf16]) func halfTypesAreReported(_ type: OutputType) throws {
    let scratch = try Scratch()
    let outcome = try export(type, scratch)
    #expect(outcome.succeeded)
    let loss = try #require(outcome.loss)
    let source = try LoadedModel(try Models.inspect("two/hf-safetensors")).model
    let written = try NativeModel(scratch.path("out.albert"))
    let parameter = Parameter(.queryWeight, group: 1, inner: 1)
    let before = source.withBytes(of: parameter) { $0.doubles(of: .float32) ?? [] }
    let after = written.withBytes(of: parameter) {
      $0.doubles(of: written.elementType(of: parameter)) ?? []
    }
    let errors = zip(before, after).map { $0 - $1 }
    let norm = before.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let reported = try #require(loss.tensors.first { $0.name == parameter.name })
    #expect(reported.maxAbs == errors.map(abs).max())
    let relative = errors.reduce(0) { $0 + $1 * $1 }.squareRoot() / norm
    #expect(abs(reported.relL2 - relative) < 1e-12 * relative)
    // Eleven bits of significand leave about 72 dB, eight about 53.
    #expect(abs(reported.decibels - (type == .f16 ? 72.6 : 54.5)) < 2.5)
    #expect(loss.stages.map(\.name).contains("last_hidden_state"))
    #expect(loss.maxAbs > 0)
  }

  @Test func integersAreRoundedPerRow() throws {
    let scratch = try Scratch()
    #expect(try export(.i8, scratch).succeeded)
    let source = try LoadedModel(try Models.inspect("two/hf-safetensors")).model
    let written = try LoadedModel(scratch.path("out.albert"), Models.reading()).model
    for spec in ParameterSpec.all(source.config, source.contents) {
      let before = source.withBytes(of: spec.parameter) { $0.floats(of: .float32) ?? [] }
      let after = written.withBytes(of: spec.parameter) { $0.floats(of: .float32) ?? [] }
      let role = spec.parameter.role
      guard role.isLinearWeight || role.isEmbedding else {
        #expect(before == after, "\(spec.name)")
        continue
      }
      let width = spec.shape.dimensions[1]
      for row in 0..<spec.shape.dimensions[0] {
        let range = row * width..<(row + 1) * width
        let largest = before[range].map(abs).max() ?? 0
        // The largest number of a row keeps its value, and no other moves by more than half a step.
        let step = largest / 127
        for index in range {
          #expect(abs(before[index] - after[index]) <= step * 0.5001, "\(spec.name) \(index)")
        }
        let place = try #require(range.first { abs(before[$0]) == largest })
        #expect(abs(after[place] - before[place]) <= before[place].ulp * 64)
      }
    }
  }

  @Test func maxErrorBoundsTensorsAndStages() throws {
    let scratch = try Scratch()
    let free = try #require(try export(.bf16, scratch).loss?.maxAbs)
    let bounded = try Scratch()
    #expect(try export(.bf16, bounded, free * 1.01).succeeded)
    let strict = try Scratch()
    #expect(try !export(.bf16, strict, free * 0.99).succeeded)
    #expect(try strict.names().isEmpty)
  }

  @Test func whatIsExactHasNoReport() throws {
    let scratch = try Scratch()
    #expect(try export(.keep, scratch, 0).loss == nil)
    #expect(try scratch.names() == ["out.albert"])
  }

  @Test func overflowNamesTheTensor() throws {
    let scratch = try Scratch()
    let path = try scratch.writeModel(largest: 70_000)
    let text = failure {
      try ExportPlan(
        try Inspection.open(path, Models.reading(SmallModel.config)), to: scratch.path("o.albert"),
        Models.options("native", .f16)
      ).run()
    }
    #expect(text.contains("is 70000.0, which float16 cannot hold in tensor 'albert.pooler.bias'"))
    #expect(text.contains("convert to f32 or bf16 instead"))
    #expect(try scratch.names() == ["model.safetensors"])
  }
}
