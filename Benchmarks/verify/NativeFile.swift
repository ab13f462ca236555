import AlbertArchitecture
import AlbertArchives
import AlbertBench
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertNativeFormat
import SystemPackage
import AlbertTensors

/// Native files of a random model, in a folder that the caller removes.
struct NativeFiles {
  let wide: FilePath
  let half: FilePath

  /// Writes the model, and then a copy of it in Float16.
  init(_ model: RandomModel, in folder: FilePath) throws {
    wide = folder.appending("wide.albert")
    half = folder.appending("half.albert")
    let specs = ParameterSpec.all(model.config, model.contents)
    let source = SourceProvenance(format: "none", upstream: "random", files: [])
    let layout = NativeFileLayout(
      config: model.config, contents: model.contents,
      tensors: specs.map { TensorDescription(name: $0.name, type: .float32, shape: $0.shape) },
      source: source, tool: "benchmark")
    let parameters = Dictionary(uniqueKeysWithValues: specs.map { ($0.name, $0.parameter) })
    let file = try AtomicFile(wide, replacing: true)
    let digests = try layout.tensors.enumerated().map { index, tensor in
      let bytes = RawSpan(_unsafeBytes: model.stableBytes(of: parameters[tensor.name]!)!)
      return try layout.write(index, tensor.name, to: file, path: wide.string) {
        (body) throws(FileError) in try body(bytes)
      }
    }
    try layout.finish(WrittenTensors(digests), to: file)
    try file.commit()

    let narrowed = try AtomicFile(half, replacing: true)
    let plan = try ConversionPlan(try Inspection.open(wide), type: .f16)
    let native = plan.native(tool: "benchmark")
    _ = try plan.write(native.tensors, as: native.layout, to: narrowed, path: half.string)
    try narrowed.commit()
  }
}
