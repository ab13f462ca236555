internal import AlbertArchitecture
package import AlbertTensors

/// How a user states that a masked-LM head decodes.
public enum DecoderReading: String, CaseIterable, Sendable {
  /// With the word embeddings.
  case tied
  /// With a matrix of its own.
  case untied
}

/// A decoder's matrix that a file holds beside the word embeddings.
package struct StoredDecoder: Equatable, Sendable {
  /// The tensor.
  package let tensor: TensorDescription
  /// How it is laid out.
  package let layout: Layout
  /// Whether its numbers are others than those of the word embeddings.
  package let differs: Bool
  /// Whether the model decodes with it, as it was read.
  package let isUsed: Bool

  /// States a decoder.
  init(tensor: TensorDescription, layout: Layout, differs: Bool, isUsed: Bool) {
    self.tensor = tensor
    self.layout = layout
    self.differs = differs
    self.isUsed = isUsed
  }
}

extension Inspection {
  /// The same source read the other way, where it holds a decoder that differs from the word
  /// embeddings: with it if it was left out, without it if it was used.
  package var withOtherDecoder: Inspection? {
    guard let decoder, decoder.differs else { return nil }
    let parameter = Parameter(.mlmDecoderWeight)
    var contents = contents
    contents.untiedDecoder = !decoder.isUsed
    return Inspection(
      path: path, archive: archive, format: format, candidate: candidate,
      partialConfig: partialConfig, config: config, configSource: configSource,
      configFile: configFile, contents: contents,
      assignments: assignments.map { assignment in
        guard assignment.parameter == parameter else { return assignment }
        return TensorAssignment(
          tensor: assignment.tensor,
          purpose: decoder.isUsed
            ? .copy(of: parameter, decoder.layout, yields: true)
            : .parameter(parameter, decoder.layout))
      },
      decoder: StoredDecoder(
        tensor: decoder.tensor, layout: decoder.layout, differs: true, isUsed: !decoder.isUsed),
      findings: findings)
  }
}
