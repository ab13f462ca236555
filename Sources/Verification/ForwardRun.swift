package import AlbertArchitecture
package import AlbertBytes
package import AlbertConversion
internal import AlbertFastModel
internal import AlbertReferenceModel
package import SystemPackage
internal import AlbertTensors

/// One forward pass, looked at and written to a file.
package enum ForwardRun {
  /// Runs `model` on `inputs` with one engine and returns what each stage is like.
  ///
  /// With `output` the stages go to a file, one after another as they are computed.
  ///
  /// Throws where the inputs do not fit the model, or the file cannot be written, and `cancelled`
  /// where the observer gives up.
  package static func run(
    _ model: LoadedModel, _ inputs: ModelInputs, from path: String, engine: Engine = .fast,
    attentions: Bool = false, output: FilePath? = nil, replacing: Bool = false,
    _ observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> [ValueStatistics] {
    let store = model.model
    if let problem = inputs.problem(for: store) { throw problem.fileError(path: path) }
    let stages = Stage.all(store.config, store.contents, attentions: attentions)
    var file: OutputFile?
    if let output {
      let shapes = stages.map {
        (stage: $0, shape: $0.shape(store.config, store.contents, inputs))
      }
      file = try OutputFile(
        output, replacing: replacing, inputs: inputs, stages: shapes,
        type: engine == .reference ? .float64 : .float32)
    }
    let engines: Engines = engine == .fast ? .fast : .reference
    let subject = try Subject(store, path: path, engines)
    var statistics: [ValueStatistics] = []
    try subject.forward(
      engines, inputs, from: path, stages, observers: { _ in observer }
    ) { (computed) throws(FileError) in
      switch computed {
      case .reference(let output):
        statistics.append(ValueStatistics(output))
        try file?.add(output)
      case .fast(let output):
        statistics.append(ValueStatistics(output))
        try file?.add(output)
      }
    }
    try model.checkUnchanged()
    try file?.commit()
    return statistics
  }
}
