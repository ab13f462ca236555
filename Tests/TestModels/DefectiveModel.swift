package import AlbertArchitecture
internal import AlbertReferenceModel
package import SystemPackage
package import AlbertTensors
package import AlbertTestSupport
package import AlbertVerification

/// A copy of a model in memory that a test breaks, and the golden file that it would record.
package struct DefectiveModel: ParameterStore {
  package var config: AlbertConfig
  package var contents: ModelContents
  package var values: [Parameter: [Double]] = [:]
  /// How the broken runtime reads its inputs.
  package var inputs: @Sendable (ModelInputs) throws -> ModelInputs = { $0 }

  package init(_ model: some ParameterStore) {
    config = model.config
    contents = model.contents
    for spec in ParameterSpec.all(config, contents) {
      values[spec.parameter] = model.withBytes(of: spec.parameter) {
        $0.doubles(of: model.elementType(of: spec.parameter)) ?? []
      }
    }
  }

  package func elementType(of parameter: Parameter) -> ElementType { .float64 }

  package func withBytes<R>(of parameter: Parameter, _ body: (RawSpan) -> R) -> R {
    let values = values[parameter] ?? []
    return unsafe body(values.span.bytes)
  }

  /// The numbers of a parameter outside the encoder, or in its first block.
  package subscript(role: ParameterRole) -> [Double] {
    get { values[Parameter(role)] ?? [] }
    set { values[Parameter(role)] = newValue }
  }

  package subscript(role: ParameterRole, group: Int, inner: Int) -> [Double] {
    get { values[Parameter(role, group: group, inner: inner)] ?? [] }
    set { values[Parameter(role, group: group, inner: inner)] = newValue }
  }

  /// Turns a square matrix.
  package mutating func transpose(_ role: ParameterRole, group: Int = 0, inner: Int = 0) {
    let d = role.shape(in: config).dimensions
    let old = self[role, group, inner]
    for row in 0..<d[0] {
      for column in 0..<d[1] {
        self[role, group, inner][row * d[1] + column] = old[column * d[0] + row]
      }
    }
  }

  /// Exchanges two parameters of the first block, or outside the encoder.
  package mutating func swap(_ one: ParameterRole, _ two: ParameterRole) {
    (self[one], self[two]) = (self[two], self[one])
  }

  /// Multiplies a parameter of the first block, or outside the encoder.
  package mutating func scale(_ role: ParameterRole, by factor: Double) {
    self[role] = self[role].map { $0 * factor }
  }

  /// Changes every number of the model.
  package mutating func mapAll(_ change: (Double) -> Double) {
    values = values.mapValues { $0.map(change) }
  }

  /// Has each row of a table hold what the one `offset` further on did, around its end.
  package mutating func shift(_ role: ParameterRole, by offset: Int) {
    let d = role.shape(in: config).dimensions
    let old = self[role]
    self[role] = (0..<d[0]).flatMap { row in
      let from = (row + offset + d[0]) % d[0]
      return old[from * d[1]..<(from + 1) * d[1]]
    }
  }

  /// Deals the output features of a projection to the heads in turns.
  package mutating func interleaveHeads(_ role: ParameterRole) {
    let (heads, size) = (config.numAttentionHeads, config.headSize)
    let old = self[role]
    let width = old.count / (heads * size)
    self[role] = (0..<heads * size).flatMap { feature in
      let from = feature % size * heads + feature / size
      return old[from * width..<(from + 1) * width]
    }
  }
}

/// A golden file of what a defective model computes.
package struct DefectiveGolden {
  package let scratch: Scratch
  package let file: GoldenFile

  /// Records `stages` (all but the attentions by default) in Float64, or rounded to Float32.
  package init(
    _ defective: DefectiveModel, _ inputs: ModelInputs, stages: [Stage]? = nil,
    single: Bool = false, change: (inout [StageOutput<Double>]) throws -> Void = { _ in }
  ) throws {
    var outputs = try ReferenceModel(defective).forward(defective.inputs(inputs), stages: stages)
    try change(&outputs)
    scratch = try Scratch()
    file = try recorded(outputs, inputs, in: scratch.path("golden.npz"), single: single)
  }
}

/// A golden file of outputs, in Float64 or rounded to Float32.
package func recorded(
  _ outputs: [StageOutput<Double>], _ inputs: ModelInputs, in path: FilePath, single: Bool = false
) throws -> GoldenFile {
  var writer = try OutputFile(
    path, replacing: true, inputs: inputs, stages: outputs.map { ($0.stage, $0.shape) },
    type: single ? .float32 : .float64)
  for output in outputs {
    if single {
      try writer.add(
        StageOutput(
          stage: output.stage, shape: output.shape, values: output.values.map(Float.init)))
    } else {
      try writer.add(output)
    }
  }
  try writer.commit()
  return try GoldenFile(path)
}

/// Inputs with padding, both segments, and a row without either.
package func diagnosisInputs(_ config: AlbertConfig, rows: Int = 3, length: Int = 7) throws
  -> ModelInputs
{
  let count = rows * length
  return try ModelInputs(
    inputIDs: (0..<count).map { ($0 * 7919 + 13) % config.vocabSize },
    shape: Shape([rows, length]),
    attentionMask: (0..<count).map { $0 / length == 1 && $0 % length > 4 ? 0 : 1 },
    tokenTypeIDs: (0..<count).map { $0 / length == 2 && $0 % length > 3 ? 1 : 0 })
}

extension ParameterRole {
  /// The bias of query, key and value.
  package var biasRole: ParameterRole? {
    switch self {
    case .queryWeight: .queryBias
    case .keyWeight: .keyBias
    case .valueWeight: .valueBias
    default: nil
    }
  }
}
