internal import AlbertArchives
package import AlbertBytes
internal import AlbertTensors
package import SystemPackage

/// Fills a graph from an ONNX file.
package enum ONNXImporter: GraphFormat {
  /// The word for the format in reports.
  package static let name = ONNXFormat.name

  /// Whether a file is an ONNX model.
  package static func claims(_ file: SourceFile, head: [UInt8]) throws(FileError) -> Bool {
    try ONNXFormat.claims(file, head: head)
  }

  /// The graph in the file at `path`; data of its tensors are read when they are wanted.
  package static func open(_ path: FilePath) throws(FileError) -> GraphModel {
    let source = try ONNXGraphFile.open(path)
    let importer = Importing(source: source, path: path.string)
    let graph = try importer.graph(source.model.graph, outer: [])
    return GraphModel(
      path: path.string, format: name, graph: graph,
      operatorSets: source.model.operatorSets, files: source.files, check: source.check)
  }
}

private struct Importing {
  let source: ONNXGraphFile
  let path: String

  func graph(_ stated: ONNXGraph, outer: Set<String>) throws(FileError) -> Graph {
    var initializers: [String: GraphTensor] = [:]
    for tensor in stated.initializers {
      guard initializers.updateValue(try self.tensor(tensor), forKey: tensor.name) == nil else {
        throw FileError(
          path, .malformed("two tensors have one name"), offset: tensor.offset, tensor: tensor.name)
      }
    }
    // What graphs within nodes see of the values around them; few have any.
    var visible: Set<String> = []
    if stated.nodes.contains(where: \.hasGraph) {
      visible = outer.union(initializers.keys).union(stated.inputs)
      for node in stated.nodes { visible.formUnion(node.outputs) }
    }
    var nodes: [GraphNode] = []
    nodes.reserveCapacity(stated.nodes.count)
    for node in stated.nodes { nodes.append(try self.node(node, outer: visible)) }
    func port(_ name: String) -> GraphPort { self.port(name, stated.values[name]) }
    var graph = Graph(
      nodes: nodes, inputs: stated.inputs.map(port), outputs: stated.outputs.map(port),
      initializers: initializers, values: ports(stated.values))
    graph.nodes = try graph.ordered(outer: outer, path: path)
    return graph
  }

  private func node(_ stated: ONNXNode, outer: Set<String>) throws(FileError) -> GraphNode {
    var attributes: [String: GraphAttribute] = [:]
    for attribute in stated.attributes {
      attributes[attribute.name] =
        switch attribute.value {
        case .plain(.integer(let value)): .integer(value)
        case .plain(.number(let value)): .number(value)
        case .plain(.text(let value)): .text(value)
        case .plain(.integers(let values)): .integers(values)
        case .plain(.numbers(let values)): .numbers(values)
        case .plain(.other(let what)): .other(what)
        case .texts(let values): .texts(values)
        case .tensor(let tensor): .tensor(try self.tensor(tensor))
        case .graph(let graph): .graph(try self.graph(graph, outer: outer))
        }
    }
    let version = stated.version ?? source.model.operatorSets[stated.domain] ?? 1
    return GraphNode(
      name: stated.name, operation: stated.operation, domain: stated.domain, version: version,
      inputs: stated.inputs, outputs: stated.outputs, attributes: attributes)
  }

  private func tensor(_ stated: ONNXTensor) throws(FileError) -> GraphTensor {
    guard let type = GraphType(code: stated.code) else {
      throw FileError(
        path, .unsupported("ONNX's element type \(stated.code)"), tensor: stated.name)
    }
    return GraphTensor(
      name: stated.name, type: type, shape: stated.shape, load: try source.reader(of: stated))
  }

  private func ports(_ stated: [String: ONNXValueStatement]) -> [String: GraphPort] {
    var ports = [String: GraphPort](minimumCapacity: stated.count)
    for (name, value) in stated { ports[name] = port(name, value) }
    return ports
  }

  private func port(_ name: String, _ stated: ONNXValueStatement?) -> GraphPort {
    GraphPort(
      name: name, type: stated?.code.flatMap { GraphType(code: $0) },
      extents: stated?.extents?.map { extent in
        // Older exporters write -1 for an axis of any length, and onnxruntime takes any negative number so.
        if let size = extent.size {
          size < 0 ? .unknown : .fixed(size)
        } else if let name = extent.name, !name.isEmpty {
          .named(name)
        } else {
          .unknown
        }
      })
  }
}

extension ONNXNode {
  fileprivate var hasGraph: Bool {
    attributes.contains { if case .graph = $0.value { true } else { false } }
  }
}
