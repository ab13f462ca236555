import AlbertBytes
import AlbertJSON
import AlbertTestSupport
import SystemPackage
import Testing

@testable import AlbertComparison
@testable import AlbertTensors

/// `albert diff`: what it finds, what it leaves alone, and how it ends.
@Suite struct DiffTests {
  private static let sample = PackageFiles.root.appending("samples/tiny-tf1").string
  private static let publishers = PackageFiles.root.appending("Tests/Fixtures/publishers/two")

  private func diff(_ a: String, _ b: String, in scratch: Scratch) throws -> (Int32, JSONValue) {
    let run = try Tool.run("diff", a, b, "--json", in: scratch)
    let document = try run.json
    #expect(try SchemaValidator("diff").violations(document) == [])
    return (run.status, document)
  }

  private func convert(
    _ name: String, _ more: String..., from source: String = sample, in scratch: Scratch
  ) throws -> String {
    let path = scratch.path(name).string
    let run = try Tool.run(
      ["convert", source, path, "--no-verify"] + more, in: scratch)
    #expect(run.status == 0, "\(run.errors)")
    return path
  }

  @Test func twoContainersOfOneModelAreTheSame() throws {
    let scratch = try Scratch()
    let native = try convert("m.albert", in: scratch)
    for (name, format) in [("hf", "huggingface"), ("flax", "flax"), ("h5", "keras-h5")] {
      let other = try convert(name, "--to", format, in: scratch)
      let (status, document) = try diff(native, other, in: scratch)
      #expect(status == 0, "\(format) \(document.text())")
      #expect(document["result"]?.string == "same")
      #expect(document["tensors"]?["model"]?["same"]?.integer == 32)
      #expect(document["tensors"]?["by_digests"]?.integer == 0)
    }
  }

  @Test(arguments: ["hf-flax", "hf-h5", "hf-tf-ckpt", "hf-safetensors"])
  func publishersLayoutsAreNoDifference(_ name: String) throws {
    let scratch = try Scratch()
    let (status, document) = try diff(
      Self.publishers.appending("hf-torch").string, Self.publishers.appending(name).string,
      in: scratch)
    #expect(status == 0, "\(document.text())")
    #expect(document["tensors"]?["model"]?["same"]?.integer == 80)
  }

  @Test func theStateOfTrainingCounts() throws {
    let scratch = try Scratch()
    let (status, document) = try diff(
      Self.sample, try convert("m.albert", in: scratch), in: scratch)
    #expect(status == 1)
    #expect(document["tensors"]?["training"]?["only_in_a"]?.integer == 1)
    #expect(document["tensors"]?["model"]?["same"]?.integer == 32)
    #expect(document["config"]?.elements?.isEmpty == true)
  }

  @Test func aNumberThatChangedIsFoundAtItsPlace() throws {
    let scratch = try Scratch()
    let before = try convert("a.npz", "--to", "safetensors", in: scratch)
    var bytes = try scratch.bytes("a.npz")
    // The last element of the last tensor, whatever that is.
    bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0, 0, 0x80, 0x3F])
    let after = try scratch.write("b.npz", bytes).string
    let (status, document) = try diff(before, after, in: scratch)
    #expect(status == 1)
    let changed = try #require(document["tensors"]?["changed"]?.elements)
    #expect(changed.count == 1)
    let tensor = try #require(changed.first)
    #expect(tensor["differing"]?.integer == 1)
    #expect(tensor["b_value"]?.double == 1)
    let shape = tensor["a"]?["shape"]?.elements?.compactMap(\.integer) ?? []
    #expect(tensor["at"]?.elements?.compactMap(\.integer) == shape.map { $0 - 1 })
    let difference = abs((tensor["a_value"]?.double ?? 0) - 1)
    #expect(tensor["max_abs"]?.double == difference)
    let text = try Tool.run("diff", before, after, in: scratch).output
    #expect(text.contains("1 differs"), "\(text)")
    #expect(text.contains("became 1.0000"), "\(text)")
  }

  /// A matrix that one side has as columns, whichever side that is.
  @Test func aNumberOfATurnedMatrixIsFoundAtItsPlace() throws {
    let scratch = try Scratch()
    _ = try convert("a.npz", "--to", "safetensors", in: scratch)
    var bytes = try scratch.bytes("a.npz")
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONValue.parse(Array(bytes[8..<8 + length]), path: "the header")
    let entry = try #require(header.members?.first { $0.key.hasSuffix("ffn.weight") }).value
    let columns = try #require(entry["shape"]?.elements?.last).integer ?? 0
    let begin = try #require(entry["data_offsets"]?.elements?.first).integer ?? 0
    let changed = 8 + length + Int(begin) + 4 * (Int(columns) + 2)
    bytes.replaceSubrange(changed..<changed + 4, with: [0, 0, 0, 0x44])
    let other = try scratch.write("b.npz", bytes).string
    for isTurnedFirst in [true, false] {
      let (status, document) =
        isTurnedFirst
        ? try diff(Self.sample, other, in: scratch) : try diff(other, Self.sample, in: scratch)
      #expect(status == 1)
      let changed = try #require(document["tensors"]?["changed"]?.elements)
      // The checkpoint's own step is the other one.
      let tensor = try #require(changed.first { $0["differing"]?.integer != nil })
      #expect(changed.count == 2)
      #expect(tensor["differing"]?.integer == 1)
      #expect(tensor["at"]?.elements?.compactMap(\.integer) == [1, 2])
      let values = [tensor["a_value"]?.double, tensor["b_value"]?.double]
      #expect(values[isTurnedFirst ? 1 : 0] == 512)
      #expect(values[isTurnedFirst ? 0 : 1] != 512)
    }
  }

  @Test func roundingIsToldFromOtherChanges() throws {
    let scratch = try Scratch()
    let wide = try convert("a.albert", in: scratch)
    let narrow = try convert("b.albert", "--dtype", "f16", in: scratch)
    let (status, document) = try diff(wide, narrow, in: scratch)
    #expect(status == 1)
    let changed = try #require(document["tensors"]?["changed"]?.elements)
    #expect(changed.count == 32)
    #expect(changed.allSatisfy { $0["rounded"]?.bool == true })
    #expect(changed.first?["b"]?["dtype"]?.string == "F16")
    // What the text leaves out is where it says.
    let short = try Tool.run("diff", wide, narrow, in: scratch).output
    #expect(short.contains("… and 12 more: see --verbose or --json"), "\(short)")
    let long = try Tool.run("diff", wide, narrow, "--verbose", in: scratch)
    #expect(!long.output.contains("more: see"))
    #expect(long.output.split(separator: "\n").count { $0.contains("float32 became") } == 32)
    #expect(long.errors.contains("albert: reading") && long.errors.contains("comparing took"))
    let quiet = try Tool.run("diff", wide, narrow, "--quiet", in: scratch)
    #expect(quiet.errors.isEmpty && quiet.output == short)
  }

  @Test func nativeFilesAreComparedByTheirDigests() throws {
    let scratch = try Scratch()
    let model = try convert("a.albert", in: scratch)
    let (status, document) = try diff(model, model, in: scratch)
    #expect(status == 0)
    #expect(document["tensors"]?["by_digests"]?.integer == 32)
    // What the header does not say is what 'check' is for.
    var bytes = try scratch.bytes("a.albert")
    bytes[bytes.count - 1] ^= 1
    let damaged = try scratch.write("b.albert", bytes).string
    #expect(try diff(model, damaged, in: scratch).0 == 0)
    #expect(try Tool.run("check", damaged, in: scratch).status == 1)
  }

  @Test func configsAloneAreComparedToo() throws {
    let scratch = try Scratch()
    let configs = PackageFiles.root.appending("samples/configs")
    let base = configs.appending("albert_base_v2.json").string
    let text = try String(
      decoding: SourceFile(FilePath(base)).bytes(at: 0, count: SourceFile(FilePath(base)).size),
      as: UTF8.self)
    #expect(text.contains("\"num_hidden_layers\": 12"))
    let other = try scratch.write(
      "other_config.json",
      text: String(
        text.split(separator: "\"num_hidden_layers\": 12", omittingEmptySubsequences: false)
          .joined(separator: "\"num_hidden_layers\": 24"))
    ).string
    #expect(try diff(base, base, in: scratch).0 == 0)
    let (status, document) = try diff(base, other, in: scratch)
    #expect(status == 1)
    #expect(document["tensors"] == .null)
    let keys = document["config"]?.elements?.compactMap { $0["key"]?.string } ?? []
    #expect(keys == ["num_hidden_layers", "layer_to_group"])
    // Beside a model, what a config cannot say is no difference.
    let (against, of) = try diff(
      Self.sample + "/albert_config.json", try convert("m.albert", in: scratch), in: scratch)
    #expect(against == 0, "\(of.text())")
  }

  @Test func whatIsNoALBERTIsComparedByItsNames() throws {
    let scratch = try Scratch()
    let header = #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    func file(_ name: String, _ data: [UInt8]) throws -> String {
      var bytes = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
      bytes += Array(header.utf8) + data
      return try scratch.write(name, bytes).string
    }
    let a = try file("a.safetensors", [0, 0, 0x80, 0x3F, 0, 0, 0xC0, 0x7F])
    let b = try file("b.safetensors", [0, 0, 0x80, 0x3F, 0, 0, 0x80, 0x3F])
    #expect(try diff(a, a, in: scratch).0 == 0)
    let (status, document) = try diff(a, b, in: scratch)
    #expect(status == 1)
    let tensor = try #require(document["tensors"]?["changed"]?.elements?.first)
    #expect(tensor["name"]?.string == "x")
    #expect(tensor["non_finite"]?.integer == 1)
    #expect(tensor["at"]?.elements?.map(\.integer) == [1])
    #expect(tensor["rel_l2"] == .null && tensor["a_value"] == .null)
    #expect(document["config"] == .null)
    #expect(document["findings"]?.elements?.contains { $0["code"]?.string == "not-albert" } == true)
  }

  /// Tensors alone do not make a model the same as one of which nothing else can be read.
  @Test func aModelIsNotTheSameAsOneThatCannotBeRead() throws {
    let scratch = try Scratch()
    let model = try convert("m", "--to", "huggingface", in: scratch)
    let broken = try convert("b", "--to", "huggingface", in: scratch)
    try scratch.write("b/config.json", text: "{")
    for (a, b, side) in [(model, broken, "A"), (broken, model, "B")] {
      let (status, document) = try diff(a, b, in: scratch)
      #expect(status == 1 && document["result"]?.string == "differs")
      #expect(document["tensors"]?["model"]?["same"]?.integer == 32, "\(document.text())")
      let text = try Tool.run("diff", a, b, in: scratch).output
      #expect(text.contains("only \(side) has one that can be read"), "\(text)")
    }
    #expect(try diff(broken, broken, in: scratch).0 == 0)
    // A native file whose header is damaged is read as a safetensors file.
    let native = try convert("m.albert", in: scratch)
    let header = String(decoding: try scratch.bytes("m.albert").prefix(4_096), as: UTF8.self)
    let place = try #require(header.firstRange(of: "intermediate_size"))
    var bytes = try scratch.bytes("m.albert")
    bytes[header[..<place.lowerBound].utf8.count] ^= 4
    let damaged = try scratch.write("d.albert", bytes).string
    #expect(try diff(native, damaged, in: scratch).0 == 1)
    // A config beside tensors of which it says nothing: nothing was compared.
    let config = model + "/config.json"
    let (status, document) = try diff(config, broken, in: scratch)
    #expect(status == 1 && document["tensors"] == .null && document["config"] == .null)
  }

  @Test func anAdapterIsMergedIntoB() throws {
    let scratch = try Scratch()
    let adapters = PackageFiles.root.appending("Tests/Fixtures/publishers/adapters")
    let (base, adapter) = (adapters.appending("base").string, adapters.appending("rslora").string)
    let merged = try convert("m.albert", "--adapter", adapter, from: base, in: scratch)
    for (a, b, status) in [(merged, base, Int32(0)), (base, merged, 1), (base, base, 1)] {
      let run = try Tool.run("diff", a, b, "--adapter", adapter, in: scratch)
      #expect(run.status == status, "\(run.output)")
    }
  }

  /// An adapter alone is compared by names; a conversion would not help to compare it, and what is told does.
  @Test func anAdapterAloneIsToldHowToBeCompared() throws {
    let scratch = try Scratch()
    let adapters = PackageFiles.root.appending("Tests/Fixtures/publishers/adapters")
    let (base, adapter) = (adapters.appending("base").string, adapters.appending("rslora").string)
    let merged = try convert("m.albert", "--adapter", adapter, from: base, in: scratch)
    for (a, b) in [(adapter, base), (base, adapter)] {
      let run = try Tool.run("diff", a, b, in: scratch)
      #expect(run.status == 1)
      #expect(
        run.errors.contains(
          "and no model by itself; to compare what it makes of its base with a model, name the model "
            + "first, the base second, and state --adapter \(adapter)"), "\(run.errors)")
    }
    #expect(try Tool.run("diff", merged, base, "--adapter", adapter, in: scratch).status == 0)
  }

  @Test func checkAsksForTheFileInAFolder() throws {
    let scratch = try Scratch()
    try scratch.make("f")
    _ = try convert("f/m.albert", in: scratch)
    let run = try Tool.run("check", scratch.path("f").string, in: scratch)
    #expect(run.status == 2 && run.errors.contains("name the native file (.albert) itself"))
  }

  @Test func tokenizersAreCompared() throws {
    let scratch = try Scratch()
    let bible = PackageFiles.root.appending("samples/bible").string
    let a = try convert("a", "--to", "huggingface", from: bible, in: scratch)
    #expect(try diff(bible, a, in: scratch).1["tokenizer"]?["outcome"]?.string == "same")
    let b = try convert("b", "--to", "huggingface", "--no-tokenizer", from: bible, in: scratch)
    let (status, document) = try diff(a, b, in: scratch)
    #expect(status == 1)
    #expect(document["tokenizer"]?["outcome"]?.string == "only_in_a")
  }

  @Test func whatCannotBeReadIsAnErrorAndAPageReplacesOnlyPages() throws {
    let scratch = try Scratch()
    let (status, document) = try diff(Self.sample, scratch.path("none").string, in: scratch)
    #expect(status == 2)
    #expect(document["result"]?.string == "error")
    let model = try convert("m.albert", in: scratch)
    let page = scratch.path("d.html").string
    for _ in 0..<2 {
      #expect(try Tool.run("diff", Self.sample, model, "--html", page, in: scratch).status == 1)
    }
    let text = try scratch.text("d.html")
    #expect(text.contains("global_step") && text.contains("differs"))
    let copy = try scratch.write("c.albert", try scratch.bytes("m.albert")).string
    let refused = try Tool.run("diff", Self.sample, model, "--html", copy, in: scratch)
    #expect(refused.status == 2 && refused.errors.contains("--force"))
    #expect(try scratch.bytes("c.albert") == scratch.bytes("m.albert"))
  }

  @Test func valuesAreAddedUpExactly() {
    func bytes(_ numbers: [Float]) -> [UInt8] {
      numbers.flatMap { number in
        (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
      }
    }
    func difference(_ a: [Float], _ b: [Float]) -> ValueDifference {
      let (mine, other) = (bytes(a), bytes(b))
      var result = ValueDifference()
      unsafe result.add(
        mine.span.bytes, .float32, other.span.bytes, .float32, count: a.count)
      return result
    }
    let two = difference([3, 0, 4], [3, 5, 4])
    #expect(two.differing == 1 && two.place == 1 && two.maxAbs == 5 && two.relL2 == 1)
    let zero = difference([0, 1], [-0.0, 1])
    #expect(zero.differing == 1 && zero.maxAbs == 0 && zero.place == 0)
    let broken = difference([.nan, .infinity, 1], [.nan, 1, 9])
    #expect(broken.differing == 2 && broken.nonFinite == 1 && broken.place == 1)
    #expect(broken.maxAbs == 8 && broken.relL2 == .infinity)
    // What is NaN or infinite on both sides is no difference, and nothing to measure one by.
    for number in [Float.nan, .infinity] {
      let rest = difference([number, 3, 4], [number, 3, 9])
      #expect(rest.differing == 1 && rest.nonFinite == 0 && rest.relL2 == 1)
    }
    #expect(Shape([2, 3, 4]).index(of: 23) == [1, 2, 3])
  }

  @Test func integersThatAreOneNumberAsDoubleDiffer() {
    func difference<T: FixedWidthInteger>(
      _ a: [T], _ b: [T], _ type: ElementType
    ) -> ValueDifference {
      func bytes(_ numbers: [T]) -> [UInt8] {
        numbers.flatMap { number in
          (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * T($0))) }
        }
      }
      let (mine, other) = (bytes(a), bytes(b))
      var result = ValueDifference()
      unsafe result.add(mine.span.bytes, type, other.span.bytes, type, count: a.count)
      return result
    }
    let wide: Int64 = 1 << 53
    let signed = difference([7, wide, -wide], [7, wide + 1, -wide], .int64)
    #expect(signed.differing == 1 && signed.maxAbs == 1 && signed.place == 1)
    let ends = difference([Int64.min], [Int64.max], .int64)
    #expect(ends.differing == 1 && ends.maxAbs == 0x1p64)
    let unsigned = difference([UInt64.max, 3], [UInt64.max - 2, 3], .uint64)
    #expect(unsigned.differing == 1 && unsigned.maxAbs == 2 && unsigned.place == 0)
  }

  /// The text shows two numbers that differ as two.
  @Test(arguments: [
    (Float(-0.122664556), Float(-0.12266455), "at [1]: -0.122664556 became -0.12266455"),
    (0, -0.0, "at [1]: 0.0 became -0.0"), (2, 3, "at [1]: 2.0000 became 3.0000"),
  ])
  func numbersThatDifferLookDifferent(_ a: Float, _ b: Float, _ expected: String) throws {
    let scratch = try Scratch()
    let header = #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    func file(_ name: String, _ number: Float) throws -> String {
      var bytes = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
      bytes += Array(header.utf8) + [0, 0, 0x80, 0x3F]
      bytes += (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
      return try scratch.write(name, bytes).string
    }
    let run = try Tool.run(
      "diff", file("a.safetensors", a), file("b.safetensors", b), in: scratch)
    #expect(run.status == 1 && run.output.contains(expected), "\(run.output)")
  }
}
