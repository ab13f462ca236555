internal import AlbertBytes
internal import SystemPackage
internal import AlbertTensors

extension ONNXArchive {
  /// Reads everything but the tensors' data, of which only its place is checked.
  static func open(_ path: FilePath) throws(FileError) -> ONNXArchive {
    let file = try SourceFile(path)
    var parser = try ONNXParser(file)
    let model = try parser.model()

    let external = ONNXExternalFiles(
      of: path, stated: try ONNXDataStatement(model.metadata, path: path.string))
    var constants = ONNXConstants(file: file, external: external)
    for tensor in model.graph.initializers { try constants.add(tensor) }
    let operators = try model.operators(into: &constants)
    let reshaping = ONNXReshaping(operators, constants.byName)
    constants.give(reshaping.shapes)
    let unpacking = ONNXUnpacking(
      ONNXScaledIntegers.restated(reshaping.nodes, constants.byName), constants.byName)
    func graph(_ constants: [String: GraphConstant]) throws(FileError) -> OperatorGraph {
      let graph = OperatorGraph(
        nodes: unpacking.nodes, inputs: model.graph.inputs, outputs: model.graph.outputs,
        constants: constants)
      guard let graph else {
        throw FileError(path.string, .malformed("two nodes give values of one name"))
      }
      return graph
    }
    var stated = try graph(unpacking.constants)
    let small = Dictionary(
      firstOfEach: constants.tensors.compactMap { tensor in
        tensor.smallType.map { (tensor.name, $0) }
      })
    let search = ONNXBlockSearch(stated, small: small)
    let quantized = ONNXQuantization.find(in: stated)
    let unclear = quantized.unclear.subtracting(search.found.keys).union(search.unclear)
      .union(try differingScales(search, constants))
    let stored = Set(constants.tensors.map(\.name))
    let blocks = search.found.filter {
      stored.isSuperset(of: $0.value.parts + [$0.key]) && !unclear.contains($0.key)
    }
    let packed = Set(blocks.flatMap { [$0.key] + $0.value.parts })

    var data: [ONNXTensorData] = []
    var ranges: [String: TensorRanges] = [:]
    for tensor in constants.tensors {
      var tensor = tensor
      if packed.contains(tensor.name), let type = tensor.smallType {
        tensor = try tensor.packed(as: type, path: path.string)
      }
      let whole = try external.data(of: tensor, file)
      if case .external(let place) = tensor.data, tensor.type != .opaque,
        let range = whole.place?.range
      {
        ranges[place.location, default: TensorRanges()].add(
          tensor.name, range, elementSize: tensor.type.size)
      }
      let parts = unpacking.parts[tensor.name]?.map {
        ONNXTensorData(tensor: tensor, file: whole.file, check: whole.check, columns: $0)
      }
      data += parts ?? [whole]
    }
    let names = Set(data.map(\.description.name))
    let quantizations = quantized.found.filter {
      names.contains($0.key) && !unclear.contains($0.key) && blocks[$0.key] == nil
    }
    // From here on a tensor that is dequantised is what comes out of it.
    func logical(_ tensor: TensorDescription) -> TensorDescription {
      if let blocks = blocks[tensor.name] {
        return TensorDescription(name: tensor.name, type: .float32, shape: blocks.shape)
      }
      guard quantizations[tensor.name] != nil else { return tensor }
      return TensorDescription(name: tensor.name, type: .float32, shape: tensor.shape)
    }
    if !quantizations.isEmpty || !blocks.isEmpty {
      let logicalConstants = unpacking.constants.mapValues { constant in
        let name = constant.tensor.name
        let parts = blocks[name]?.parts ?? quantizations[name]?.parts
        return GraphConstant(
          tensor: logical(constant.tensor), values: blocks[name] == nil ? constant.values : nil,
          isDequantized: parts != nil, scales: parts ?? [], bits: blocks[name]?.codes.bits ?? 8,
          rowsPerScale: blocks[name]?.rowsPerScale ?? 1)
      }
      stated = try graph(logicalConstants)
    }
    return ONNXArchive(
      files: [file] + external.files, tensors: data.map { logical($0.description) },
      metadata: ArchiveMetadata(model.text),
      notes: notes(
        dequantized: quantizations.count + blocks.count, unclear: unclear.sorted(),
        within: model.tensorsWithinNodes)
        + ranges.ordered(by: \.key).flatMap { $0.value.overlaps() + $0.value.misplaced() },
      graph: stated,
      data: Dictionary(
        firstOfEach: data.map { ($0.description.name, $0) }),
      quantizations: quantizations, blocks: blocks, checksums: external.checksums)
  }

  /// Tensors whose several tensors of scales do not all hold the same numbers.
  private static func differingScales(
    _ search: ONNXBlockSearch, _ constants: ONNXConstants
  ) throws(FileError) -> Set<String> {
    guard !search.otherScales.isEmpty else { return [] }
    let tensors = Dictionary(
      firstOfEach: constants.tensors.map { ($0.name, $0) })
    // Many tensors may claim one place: no more is read than the files hold.
    var left = constants.allBytes
    func numbers(_ name: String) throws(FileError) -> [Double]? {
      guard let tensor = tensors[name] else { return constants.byName[name]?.values }
      left -= tensor.description.byteCount
      guard left >= 0 else { return nil }
      let bytes = try constants.data(of: tensor).bytes()
      return unsafe bytes.span.bytes.doubles(of: tensor.type)
    }
    var differing: Set<String> = []
    for (name, others) in search.otherScales.sorted(by: { $0.key < $1.key }) {
      guard let scales = search.found[name]?.scales, let expected = try numbers(scales) else {
        differing.insert(name)
        continue
      }
      for other in others.sorted() where try numbers(other) != expected { differing.insert(name) }
    }
    return differing
  }

  /// What a user should know about the reading of the file.
  private static func notes(
    dequantized: Int, unclear: [String], within: Int
  ) -> [ArchiveNote] {
    var notes: [ArchiveNote] = []
    if dequantized > 0 {
      notes.add(
        .note, code: "dequantized",
        message: """
          \(dequantized) tensors are stored as integers and were dequantised to float32 with the \
          scales and zero points that the graph states
          """)
    }
    for tensor in unclear {
      notes.add(
        .warning, code: "not-dequantized",
        message: """
          the graph turns this tensor of integers back into numbers in a way that is not read \
          here; export the model without quantisation
          """, tensor: tensor)
    }
    if within > 0 {
      notes.add(
        .note, code: "tensors-within-nodes",
        message: "left out \(within) tensors inside the bodies of conditions and loops")
    }
    return notes
  }
}
