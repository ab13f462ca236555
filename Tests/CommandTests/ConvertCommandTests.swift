import AlbertJSON
import AlbertTestSupport
import SystemPackage
import Testing

/// `albert convert` as scripts call it.
@Suite struct ConvertCommandTests {
  private let sample = PackageFiles.root.appending("samples/tiny-tf1").string

  @Test func whatRoundingCostIsInTheDocument() throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      "convert", sample, scratch.path("m.safetensors").string, "--dtype", "f16", "--json",
      in: scratch)
    #expect(run.status == 0)
    let document = try run.json
    #expect(try SchemaValidator("convert").violations(document) == [])
    #expect(document["output"]?["format"]?.string == "safetensors")
    #expect(document["verification"]?["result"]?.string == "pass")
    let loss = try #require(document["loss"])
    #expect(loss["tensors"]?.elements?.count ?? 0 > 20)
    #expect(loss["tensors"]?.elements?.first?["snr_db"]?.double ?? 0 > 60)
    #expect(loss["stages"]?.elements?.map { $0["name"]?.string }.contains("sop_logits") == true)
  }

  @Test func whatIsExactLosesNothing() throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      "convert", sample, scratch.path("m.onnx").string, "--json", in: scratch)
    #expect(run.status == 0)
    let document = try run.json
    #expect(try SchemaValidator("convert").violations(document) == [])
    #expect(document["loss"] == .null)
    #expect(document["changed"]?.elements?.isEmpty == true)
  }

  /// The second half of a file whose copy ended early and whose size was set before.
  @Test(arguments: [[], ["--dtype", "i8"]])
  func matricesOfZerosAreWarnedOf(_ more: [String]) throws {
    let scratch = try Scratch()
    let whole = scratch.path("whole.npz").string
    _ = try Tool.run("convert", sample, whole, "--to", "safetensors", "--no-verify", in: scratch)
    var bytes = try scratch.bytes("whole.npz")
    let half = bytes.count / 2
    bytes.replaceSubrange(half..<bytes.count, with: repeatElement(0, count: bytes.count - half))
    let broken = try scratch.write("half.npz", bytes).string
    for (source, isWhole) in [(whole, true), (broken, false)] {
      let run = try Tool.run(
        [
          "convert", source, scratch.path("m.albert").string, "--force", "--no-verify", "--json",
          "--config", "\(sample)/albert_config.json",
        ] + more, in: scratch)
      let zeros = try run.json["findings"]?.elements?.filter {
        $0["code"]?.string == "all-zero" && $0["severity"]?.string == "warning"
      }
      #expect(run.status == 0)
      #expect((zeros?.count ?? 0 > 3) == !isWhole, "\(run.output)")
      #expect(isWhole || run.errors.contains("check that the file is whole"), "\(run.errors)")
    }
  }

  @Test func moreErrorThanAllowedIsANo() throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      "convert", sample, scratch.path("m.albert").string, "--dtype", "i8", "--max-error", "1e-6",
      "--json", in: scratch)
    #expect(run.status == 1)
    let document = try run.json
    #expect(try SchemaValidator("convert").violations(document) == [])
    #expect(document["result"]?.string == "failed")
    #expect((try? scratch.path("m.albert").stat()) == nil)
    #expect(run.errors.contains("The output was not written; the source is as it was."))
    let cost = document["verification"]?["diagnosis"]?.elements ?? []
    #expect(cost.compactMap { $0["code"]?.string } == ["rounding-cost"])
    #expect(cost.first?["message"]?.string?.contains("where 1e-06 was allowed") == true)
    #expect(!run.errors.contains("no known defect"))
  }

  @Test(arguments: [["--dtype", "i8"], ["--to", "onnx", "--dtype", "i8"], ["--dtype", "f16"]])
  func theCostOfPrecisionIsEnoughToAllow(_ options: [String]) throws {
    let scratch = try Scratch()
    let output = scratch.path(options.contains("onnx") ? "m.onnx" : "m.albert").string
    func run(_ most: String) throws -> Tool.Run {
      try Tool.run(
        ["convert", sample, output, "--max-error", most, "--json"] + options, in: scratch)
    }
    let strict = try run("1e-9")
    #expect(strict.status == 1)
    #expect(!strict.errors.contains("inf"), "\(strict.errors)")
    let message = try #require(
      strict.json["verification"]?["diagnosis"]?.elements?.first?["message"]?.string)
    let costs = message.split { " ,".contains($0) }.compactMap { Double($0) }.filter { $0 > 1e-9 }
    #expect(costs.count == 2)
    let enough = try run("\(costs.max() ?? 0)")
    #expect(enough.status == 0, "\(message)")
  }

  @Test func whatTheFormatCannotSayIsAnError() throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      "convert", sample, scratch.path("out").string, "--to", "keras3-h5", "--json", in: scratch)
    #expect(run.status == 2)
    let document = try run.json
    #expect(try SchemaValidator("error").violations(document) == [])
    #expect(document["error"]?["code"]?.string == "inexpressible")
    #expect(document["error"]?["message"]?.string?.contains("sentence-order") == true)
    #expect(run.errors.contains("pass --allow-inexact"))
  }

  @Test(arguments: [["--to", "gguf"], ["--dtype", "f8"], ["--max-error", "-1"]])
  func wrongUsageIs64(_ options: [String]) throws {
    let scratch = try Scratch()
    let run = try Tool.run(
      "convert", sample, scratch.path("out").string, options[0], options[1], in: scratch)
    #expect(run.status == 64)
  }
}
