internal import AlbertArchitecture
internal import AlbertReading
package import AlbertJSON
internal import AlbertTensors

extension InspectReport {
  /// The document that `--json` prints.
  package var json: JSONValue {
    JSONReport.document([
      "path": .string(path),
      "format": .string(format),
      "upstream": .string(upstream),
      "prefix": .string(prefix),
      "config": config.map(ConfigReport.json) ?? .null,
      "config_source": .string(configSource.word),
      "variant": .optional(variant?.name),
      "variants": .array(variants.map { .string($0.name) }),
      "heads": .array(contents.heads.map { .string($0) }),
      "pooler": .bool(contents.pooler),
      "decoder": contents.mlm
        ? .string((contents.untiedDecoder ? DecoderReading.untied : .tied).rawValue) : .null,
      "parameters": parameters,
      "memory_bytes": config.map { ConfigReport.json(MemoryCost($0, contents)) } ?? .null,
      "flops": flops,
      "tensors": tensors,
      "findings": FindingReport.json(findings),
    ])
  }

  private var parameters: JSONValue {
    [
      "stored": .count(count.stored),
      "unique": .count(count.unique),
      "by_component": ConfigReport.json(count.byComponent),
      "unshared_equivalent": .count(config.map(ParameterCount.unsharedEquivalent)),
      "bert_equivalent": .count(config.map(ParameterCount.bertEquivalent)),
      "optimizer": .count(count.optimizer),
    ]
  }

  private var flops: JSONValue {
    guard let config else { return .null }
    return [
      "sequence_length": .count(sequenceLength),
      "forward": .count(ForwardCost.flops(config, length: sequenceLength)),
    ]
  }

  private var tensors: JSONValue {
    .array(of: assignments) { assignment in
      let tensor = assignment.tensor
      let json: JSONValue = [
        "name": .string(tensor.name),
        "parameter": .optional(parameter(of: assignment)?.name),
        "shape": .array(tensor.shape.dimensions.map { .count($0) }),
        "dtype": .string(tensor.type.rawValue),
        "bytes": .count(tensor.byteCount),
        "layout": .optional(assignment.layout?.rawValue),
      ]
      return statistics(of: assignment).map { json.adding(Self.members($0)) } ?? json
    }
  }

  private static func members(_ statistics: TensorStatistics) -> JSONValue {
    [
      "min": .finite(statistics.min), "max": .finite(statistics.max),
      "mean": .finite(statistics.mean), "std": .finite(statistics.standardDeviation),
      "nan": .count(statistics.nan), "inf": .count(statistics.infinite),
      "zeros": .count(statistics.zeros),
      "non_finite": .count(statistics.nan + statistics.infinite),
    ]
  }
}
