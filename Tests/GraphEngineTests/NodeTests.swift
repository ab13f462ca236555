import AlbertBytes
import AlbertGraphEngine
import AlbertNodeCases
import AlbertTestSupport
import SystemPackage
import Testing

/// Nodes whose results were recorded elsewhere: ONNX's own tests, and onnxruntime for its operators.
@Suite struct NodeTests {
  private static let fixtures = PackageFiles.fixtures.appending("operators")

  /// Small ones of ONNX's node tests, at least one of each operator (Tests/Conformance/node_cases.py).
  static let standard = cases("onnx-nodes.cases")
  /// One and more of each operator of `com.microsoft` (Tests/Interop/make/contrib.py).
  static let microsoft = cases("microsoft-nodes.cases")

  /// Small models of TensorFlow's converter and what its interpreter computes
  /// (Tests/Interop/make/tflite.py).
  static let tflite = cases("tflite-models.cases")

  /// One and more of each operator of TensorFlow Lite that is translated, and what its interpreter computes
  /// (Tests/Interop/make/tflite_operators.py).
  static let liteOperators = cases("tflite-operators.cases")

  /// What onnxruntime computes in Float32 and float16, to the last bit (Tests/Interop/make/singles.py).
  static let singles = cases("single-nodes.cases")

  private static func cases(_ name: String) -> [NodeCase] {
    (try? NodeCase.all(in: fixtures.appending(name))) ?? []
  }

  @Test func recordingsAreThere() {
    #expect(Self.standard.count >= 150)
    #expect(Self.microsoft.count >= 80)
    #expect(Self.tflite.count == 4)
    #expect(Self.liteOperators.count >= 80)
    #expect(Self.singles.count == 95)
  }

  /// Each operator of the table occurs; of one that onnxruntime knows in both domains, in either.
  @Test func everyOperatorIsRecorded() throws {
    let folder = try FileManagement.folder()
    defer { try? FileManagement.remove(folder) }
    let runner = NodeRunner(in: folder)
    let recorded = Set(
      (Self.standard + Self.microsoft + Self.tflite).flatMap { runner.run($0).operators })
    for entry in OperatorTable.all where !recorded.contains(entry.name) {
      #expect(recorded.contains("\(entry.domain).\(entry.name)"), "\(entry.name)")
    }
  }

  /// A recording that is spoilt is noticed.
  @Test func anotherResultFails() throws {
    let folder = try FileManagement.folder()
    defer { try? FileManagement.remove(folder) }
    let test = try #require(Self.microsoft.first { $0.name == "gelu" })
    var values = test.values
    // The last float's sign; behind it stand the graph's name and the operator set.
    let place = try #require(values.lastIndex(of: 0x3F))
    values[place] ^= 0x80
    let spoilt = NodeCase(
      name: test.name, rtol: test.rtol, atol: test.atol, model: test.model, values: values, sets: 1)
    guard case .failed(let reason) = NodeRunner(in: folder).run(spoilt).outcome else {
      Issue.record("a spoilt recording passed")
      return
    }
    #expect(reason.contains("output 'y0'"))
  }

  @Test(arguments: standard + microsoft + tflite + liteOperators)
  func nodeGivesWhatWasRecorded(_ test: NodeCase) throws {
    let folder = try FileManagement.folder()
    defer { try? FileManagement.remove(folder) }
    let verdict = NodeRunner(in: folder).run(test)
    guard case .passed = verdict.outcome else {
      Issue.record("\(verdict.name): \(verdict.outcome)")
      return
    }
  }

  /// Bit by bit what the runtime gives.
  @Test(arguments: singles) func nodeGivesTheVeryBits(_ test: NodeCase) throws {
    let folder = try FileManagement.folder()
    defer { try? FileManagement.remove(folder) }
    let verdict = NodeRunner(in: folder, mode: .declared).run(test)
    #expect(test.rtol == 0 && test.atol == 0)
    guard case .passed = verdict.outcome else {
      Issue.record("\(verdict.name): \(verdict.outcome)")
      return
    }
  }

  /// As a runtime holds values: rounded to the declared type behind every node.
  @Test(arguments: microsoft + tflite) func nodeGivesTheSameRounded(_ test: NodeCase) throws {
    let folder = try FileManagement.folder()
    defer { try? FileManagement.remove(folder) }
    let verdict = NodeRunner(in: folder, mode: .declared).run(test)
    guard case .passed = verdict.outcome else {
      Issue.record("\(verdict.name): \(verdict.outcome)")
      return
    }
  }
}

extension NodeCase: CustomTestStringConvertible {
  /// The name stands for the case.
  public var testDescription: String { name }
}
