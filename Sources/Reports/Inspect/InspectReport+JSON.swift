internal import Albert
internal import Conversion
public import JSON
internal import Tensors

extension InspectReport {
  /// The document that `--json` prints.
  public var json: JSONValue {
    JSONReport.document([
      JSONMember("path", .string(inspection.path.string)),
      JSONMember("format", .string(inspection.format)),
      JSONMember("upstream", .string(inspection.upstream)),
      JSONMember("prefix", .string(inspection.prefix)),
      JSONMember("config", inspection.config.map(ConfigReport.json) ?? .null),
      JSONMember("config_source", .string(inspection.configSource.word)),
      JSONMember("variant", .optional(variant?.name)),
      JSONMember("variants", .array(variants.map { .string($0.name) })),
      JSONMember("heads", .array(inspection.contents.heads.map { .string($0) })),
      JSONMember("pooler", .bool(inspection.contents.pooler)),
      JSONMember("parameters", parameters),
      JSONMember("memory_bytes", memory),
      JSONMember("flops", flops),
      JSONMember("tensors", tensors),
      JSONMember("findings", FindingReport.json(inspection.findings)),
    ])
  }

  private var parameters: JSONValue {
    let config = inspection.config
    return .object([
      JSONMember("stored", .count(count.stored)),
      JSONMember("unique", .count(count.unique)),
      JSONMember(
        "by_component",
        .object(
          Component.allCases.map { JSONMember($0.rawValue, .count(count.byComponent[$0] ?? 0)) })),
      JSONMember(
        "unshared_equivalent",
        config.map { .count(ParameterCount.unsharedEquivalent($0)) } ?? .null),
      JSONMember(
        "bert_equivalent", config.map { .count(ParameterCount.bertEquivalent($0)) } ?? .null),
      JSONMember("optimizer", .count(count.optimizer)),
    ])
  }

  private var memory: JSONValue {
    guard let config = inspection.config else { return .null }
    let cost = MemoryCost(config, inspection.contents)
    return .object([
      JSONMember("f32", .count(cost.f32)), JSONMember("f16", .count(cost.f16)),
      JSONMember("bf16", .count(cost.bf16)), JSONMember("i8", .count(cost.i8)),
    ])
  }

  private var flops: JSONValue {
    guard let config = inspection.config else { return .null }
    return .object([
      JSONMember("sequence_length", .count(sequenceLength)),
      JSONMember("forward", .count(ForwardCost.flops(config, length: sequenceLength))),
    ])
  }

  private var tensors: JSONValue {
    .array(
      inspection.assignments.map { assignment in
        let tensor = assignment.tensor
        return .object([
          JSONMember("name", .string(tensor.name)),
          JSONMember("parameter", .optional(assignment.parameter?.name)),
          JSONMember("shape", .array(tensor.shape.dimensions.map { .count($0) })),
          JSONMember("dtype", .string(tensor.type.rawValue)),
          JSONMember("bytes", .count(tensor.byteCount)),
        ])
      })
  }
}
