internal import AlbertArchitecture
internal import AlbertReading
package import AlbertJSON
internal import AlbertTensors

extension InspectReport {
  /// The document that `--json` prints.
  package var json: JSONValue {
    JSONReport.document([
      JSONMember("path", .string(path)),
      JSONMember("format", .string(format)),
      JSONMember("upstream", .string(upstream)),
      JSONMember("prefix", .string(prefix)),
      JSONMember("config", config.map(ConfigReport.json) ?? .null),
      JSONMember("config_source", .string(configSource.word)),
      JSONMember("variant", .optional(variant?.name)),
      JSONMember("variants", .array(variants.map { .string($0.name) })),
      JSONMember("heads", .array(contents.heads.map { .string($0) })),
      JSONMember("pooler", .bool(contents.pooler)),
      JSONMember(
        "decoder",
        contents.mlm
          ? .string((contents.untiedDecoder ? DecoderReading.untied : .tied).rawValue) : .null),
      JSONMember("parameters", parameters),
      JSONMember("memory_bytes", memory),
      JSONMember("flops", flops),
      JSONMember("tensors", tensors),
      JSONMember("findings", FindingReport.json(findings)),
    ])
  }

  private var parameters: JSONValue {
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
    guard let config = config else { return .null }
    let cost = MemoryCost(config, contents)
    return .object([
      JSONMember("f32", .count(cost.f32)), JSONMember("f16", .count(cost.f16)),
      JSONMember("bf16", .count(cost.bf16)), JSONMember("i8", .count(cost.i8)),
    ])
  }

  private var flops: JSONValue {
    guard let config = config else { return .null }
    return .object([
      JSONMember("sequence_length", .count(sequenceLength)),
      JSONMember("forward", .count(ForwardCost.flops(config, length: sequenceLength))),
    ])
  }

  private var tensors: JSONValue {
    .array(
      assignments.map { assignment in
        let tensor = assignment.tensor
        let members = [
          JSONMember("name", .string(tensor.name)),
          JSONMember("parameter", .optional(parameter(of: assignment)?.name)),
          JSONMember("shape", .array(tensor.shape.dimensions.map { .count($0) })),
          JSONMember("dtype", .string(tensor.type.rawValue)),
          JSONMember("bytes", .count(tensor.byteCount)),
          JSONMember("layout", .optional(assignment.layout?.rawValue)),
        ]
        return .object(members + (statistics(of: assignment).map(Self.members) ?? []))
      })
  }

  private static func members(_ statistics: TensorStatistics) -> [JSONMember] {
    [
      JSONMember("min", .finite(statistics.min)), JSONMember("max", .finite(statistics.max)),
      JSONMember("mean", .finite(statistics.mean)),
      JSONMember("std", .finite(statistics.standardDeviation)),
      JSONMember("nan", .count(statistics.nan)), JSONMember("inf", .count(statistics.infinite)),
      JSONMember("zeros", .count(statistics.zeros)),
      JSONMember("non_finite", .count(statistics.nan + statistics.infinite)),
    ]
  }
}
