package import AlbertBytes
package import SystemPackage

/// The files beside an ONNX model that hold data of its tensors.
package enum ONNXDataFiles {
  /// The names by which the model at `path` calls them, each with the end of the data that it takes.
  ///
  /// Throws where the model cannot be read; whether the files are there does not matter.
  package static func places(of path: FilePath) throws(FileError) -> [String: Int] {
    var parser = try ONNXParser(SourceFile(path))
    let model = try parser.model()
    var ends: [String: Int] = [:]
    func add(_ tensor: ONNXTensor) {
      guard case .external(let place) = tensor.data else { return }
      let end = place.offset.adding(tensor.description.byteCount) ?? .max
      ends[place.location] = max(ends[place.location] ?? 0, end)
    }
    func add(_ nodes: [ONNXNode]) {
      for attribute in nodes.flatMap(\.attributes) {
        switch attribute.value {
        case .tensor(let tensor): add(tensor)
        case .graph(let graph): add(graph)
        case .plain, .texts: break
        }
      }
    }
    func add(_ graph: ONNXGraph) {
      graph.initializers.forEach(add)
      add(graph.nodes)
    }
    add(model.graph)
    for function in model.functions.values { add(function.nodes) }
    return ends
  }
}
