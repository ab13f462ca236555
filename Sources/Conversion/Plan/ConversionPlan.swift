public import Albert
public import Bytes
internal import Tensors

/// What a conversion will do, tensor by tensor, as a value that was built from headers alone.
public struct ConversionPlan: Sendable {
  /// The source.
  public let inspection: Inspection
  /// What the model computes.
  public let config: AlbertConfig
  /// The parameters of the output, in order of use.
  public let tensors: [PlannedTensor]
  /// Notes on what the conversion changes, such as narrowed element types.
  public let findings: [Finding]

  /// Which parts the output has.
  public var contents: ModelContents { inspection.contents }

  /// Plans the conversion of a usable source.
  ///
  /// Throws the first of its findings where it is not.
  public init(_ inspection: Inspection, type: OutputType = .keep) throws(FileError) {
    try self.init(inspection, typeName: type == .keep ? "float32" : type.rawValue) {
      type.type(for: $0)
    }
  }

  /// Plans to hold a usable source in memory, every tensor in the type in which it is stored.
  init(loading inspection: Inspection) throws(FileError) {
    try self.init(inspection, typeName: "") { $0 }
  }

  private init(
    _ inspection: Inspection, typeName: String, type: (ElementType) -> ElementType
  ) throws(FileError) {
    if let refusal = inspection.refusal { throw refusal }
    guard let config = inspection.config else {
      throw FileError(inspection.path.string, .missing("a complete config"))
    }
    self.inspection = inspection
    self.config = config
    var stored: [Parameter: (TensorDescription, Layout)] = [:]
    var copies: [Parameter: [PlannedTensor.Copy]] = [:]
    for assignment in inspection.assignments {
      switch assignment.purpose {
      case .parameter(let parameter, let layout):
        stored[parameter] = (assignment.tensor, layout)
      case .copy(let parameter, let layout, let yields):
        // Without a decoder of its own, the decoder's weight is the word embeddings.
        let target =
          parameter.role == .mlmDecoderWeight && !inspection.contents.untiedDecoder
          ? Parameter(.wordEmbeddings) : parameter
        copies[target, default: []].append(
          PlannedTensor.Copy(tensor: assignment.tensor, layout: layout, yields: yields))
      case .buffer, .training, .surrounding, .unexpected: break
      }
    }
    tensors = ParameterSpec.all(config, inspection.contents).map { spec in
      guard let (tensor, layout) = stored[spec.parameter] else {
        return PlannedTensor(spec: spec, origin: .identity, copies: [], type: .float32)
      }
      return PlannedTensor(
        spec: spec, origin: .stored(tensor, layout), copies: copies[spec.parameter] ?? [],
        type: type(tensor.type))
    }
    let narrowed = tensors.count { planned in
      if case .stored(let tensor, _) = planned.origin {
        tensor.type == .float64 && planned.type != .float64
      } else {
        false
      }
    }
    findings =
      narrowed == 0
      ? []
      : [
        Finding(
          .note, code: "narrowed",
          "\(narrowed) float64 tensors are narrowed to \(typeName)"
        )
      ]
  }
}
