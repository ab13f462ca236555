internal import AlbertReading
internal import AlbertArchitecture
internal import AlbertBytes
package import AlbertNativeFormat
internal import AlbertTensors

extension ConversionPlan {
  /// The native file's tensors and layout, before anything is read.
  ///
  /// The tensors stand in the layout's order; a quantised parameter is two of them. `tokenizer` is the
  /// text that the header carries.
  package func native(tool: String, companions: NativeCompanions = NativeCompanions()) -> (
    tensors: [OutputTensor], layout: NativeFileLayout
  ) {
    let outputs = tensors.flatMap { planned -> [OutputTensor] in
      guard planned.type == .int8 else { return [planned.output(named: planned.spec.name)] }
      let names = StoredParameter.names(of: planned.spec.name)
      return planned.quantizedOutput(integers: names.integers, scales: names.scale)
    }
    let layout = NativeFileLayout(
      config: config, contents: contents, tensors: outputs.map(\.tensor), source: provenance,
      tool: tool, companions: companions)
    let byName = Dictionary(
      firstOfEach: outputs.map { ($0.tensor.name, $0) })
    return (layout.tensors.compactMap { byName[$0.name] }, layout)
  }

  /// The source's files, with zeros in place of their digests.
  private var provenance: SourceProvenance {
    SourceProvenance(
      format: inspection.format, upstream: inspection.upstream,
      files: inspection.sourceFiles.map {
        .init(name: $0.name, size: $0.size, sha256: String(repeating: "0", count: 64))
      })
  }
}
