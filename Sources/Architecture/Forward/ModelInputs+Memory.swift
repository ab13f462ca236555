internal import AlbertBytes

extension ModelInputs {
  /// Throws where a forward pass for `stages` would need more memory than the machine has.
  ///
  /// A file of a few megabytes can ask for terabytes of logits. The estimate leaves out the weights;
  /// `together` says whether all stages are kept, or only one at a time.
  package func checkMemory(
    _ config: AlbertConfig, _ contents: ModelContents, stages: some Sequence<Stage>,
    together: Bool, elementSize: Int, available: Int? = nil
  ) throws(InputProblem) {
    let tokens = Double(sequences) * Double(sequence)
    let widths = 4 * Double(config.hiddenSize) + Double(config.embeddingSize)
    let widest = Double(max(3 * config.hiddenSize, config.intermediateSize))
    let scores =
      Double(config.numAttentionHeads) * Double(sequence) * Double(sequence)
    let sizes = stages.map { stage in
      stage.dimensions(config, contents, self).reduce(1.0) { $0 * Double($1) }
    }
    let outputs = together ? sizes.reduce(0, +) : sizes.max() ?? 0
    let needed = (tokens * (widths + widest) + scores + outputs) * Double(elementSize)
    let available = available ?? Machine.memory
    guard needed <= Double(available) else {
      throw .memory(needed: Int(exactly: needed.rounded()) ?? .max, available: available)
    }
  }
}
