internal import AlbertBytes
package import AlbertGraphEngine
internal import AlbertGraphs
package import SystemPackage

/// Runs cases and holds what comes out against what must.
package struct NodeRunner {
  private let folder: FilePath
  private let mode: GraphMode
  private let models: FilePath?

  /// A runner that writes models into `folder` for as long as it reads them; a case without a model of
  /// its own is of the file of its name in `models`.
  package init(in folder: FilePath, mode: GraphMode = .float64, models: FilePath? = nil) {
    self.folder = folder
    self.mode = mode
    self.models = models
  }

  /// Runs all data sets of a case.
  package func run(_ test: NodeCase) -> NodeVerdict {
    do throws(FileError) {
      return try outcome(test)
    } catch {
      return NodeVerdict(test, [], error.verdict)
    }
  }

  private func outcome(_ test: NodeCase) throws(FileError) -> NodeVerdict {
    let model =
      if let models, test.model.isEmpty {
        try ONNXImporter.open(models.appending(test.name))
      } else {
        try opened(test.model, "model.onnx")
      }
    let values = try opened(test.values, "values.onnx")
    let operators = Self.operators(of: model.graph)
    let missing = GraphEngine.missing(in: model.graph)
    guard missing.isEmpty else {
      return NodeVerdict(
        test, operators, .refused("the operator \(missing.joined(separator: ", "))"))
    }
    do throws(FileError) {
      for set in 0..<test.sets {
        if let problem = try difference(test, set, model, values.graph.initializers) {
          return NodeVerdict(test, operators, .failed(problem))
        }
      }
      return NodeVerdict(test, operators, .passed)
    } catch {
      return NodeVerdict(test, operators, error.verdict)
    }
  }

  /// What is wrong with the outputs for a data set; nil where they are right.
  private func difference(
    _ test: NodeCase, _ set: Int, _ model: GraphModel, _ values: [String: GraphTensor]
  ) throws(FileError) -> String? {
    func value(_ kind: String, _ place: Int, _ port: GraphPort) throws(FileError) -> GraphValue {
      guard let tensor = values["\(set)/\(kind)/\(place)"] else {
        throw FileError(
          model.path, .unsupported("a sequence, an optional value or nothing as \(kind)"))
      }
      let value = try GraphValue(tensor, path: model.path)
      // NumPy had no bfloat16: older tests keep its bits as integers.
      guard port.type == .bfloat16, tensor.type == .uint16 else { return value }
      return GraphValue(try tensor.bytes(), .bfloat16, value.shape) ?? value
    }
    var inputs: [String: GraphValue] = [:]
    for (place, port) in model.graph.inputs.enumerated() {
      inputs[port.name] = try value("input", place, port)
    }
    var expected: [GraphValue] = []
    for (place, port) in model.graph.outputs.enumerated() {
      expected.append(try value("output", place, port))
    }
    let found = try GraphEngine(model, mode: mode).run(inputs)
    for (index, port) in model.graph.outputs.enumerated() {
      let comparison = ValueComparison(rtol: test.rtol, atol: test.atol)
      // What a graph gives has the type that it declares.
      if let problem = comparison.difference(found[index].rounded(), expected[index]) {
        return "output '\(port.name)' \(problem)"
      }
    }
    return nil
  }

  private func opened(_ bytes: [UInt8], _ name: String) throws(FileError) -> GraphModel {
    let path = folder.appending(name)
    do {
      let file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .exclusiveCreate], permissions: [.ownerReadWrite])
      try file.closeAfter { _ = try file.writeAll(bytes) }
    } catch {
      throw FileError(
        path.string, .system(operation: "write", errno: (error as? Errno)?.rawValue ?? 0))
    }
    // The importer holds it open.
    defer { try? FileManagement.remove(path) }
    return bytes.dropFirst(4).prefix(4).elementsEqual("TFL3".utf8)
      ? try TFLiteImporter.open(path) : try ONNXImporter.open(path)
  }

  /// The operators of a graph and of the graphs within it, each once, in order.
  private static func operators(of graph: Graph) -> [String] {
    var names: [String] = []
    for node in graph.nodes {
      for name in [node.qualifiedOperation] + node.graphs.flatMap(operators)
      where !names.contains(name) {
        names.append(name)
      }
    }
    return names
  }
}

/// What became of a case.
package struct NodeVerdict: Sendable {
  /// Its outcome, with the reason where it did not pass.
  package enum Outcome: Sendable {
    case passed
    case failed(String)
    case refused(String)
  }

  /// The case's name.
  package let name: String
  /// Its operators; none where the model could not be read.
  package let operators: [String]
  /// What came of it.
  package let outcome: Outcome

  init(_ test: NodeCase, _ operators: [String], _ outcome: Outcome) {
    name = test.name
    self.operators = operators
    self.outcome = outcome
  }
}

extension FileError {
  /// What an error says of a case: what nobody can compute twice alike is no failure either.
  fileprivate var verdict: NodeVerdict.Outcome {
    switch problem {
    case .unsupported(let what): .refused(what)
    case .rejected(GraphEngine.trainingCode, let message): .refused(message)
    default: .failed("\(self)")
    }
  }
}
