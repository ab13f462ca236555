import AlbertArchitecture
import AlbertTensors

/// A model of random weights at fixed addresses, in order of use as a native file has them.
package final class RandomModel: ParameterStore, @unchecked Sendable {
  package let config: AlbertConfig
  package let contents = ModelContents.preTraining
  private var places: [Parameter: UnsafeRawBufferPointer] = [:]

  package init(_ config: AlbertConfig) {
    self.config = config
    let specs = ParameterSpec.all(config, contents)
    let count = specs.map(\.shape.count).reduce(0, +)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 4 * count, alignment: 64)
    let floats = memory.bindMemory(to: Float.self, capacity: count)
    var state: UInt64 = 1
    var next = 0
    for spec in specs {
      places[spec.parameter] = UnsafeRawBufferPointer(
        start: floats + next, count: 4 * spec.shape.count)
      let isScale = spec.name.hasSuffix("LayerNorm.weight") || spec.name.hasSuffix("norm.weight")
      for index in next..<next + spec.shape.count {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let noise = Float(state >> 40) / Float(1 << 24) - 0.5
        floats[index] = isScale ? 1 + 0.1 * noise : 0.1 * noise
      }
      next += spec.shape.count
    }
  }

  package func elementType(of parameter: Parameter) -> ElementType { .float32 }

  package func withBytes<R>(of parameter: Parameter, _ body: (RawSpan) -> R) -> R {
    body(RawSpan(_unsafeBytes: places[parameter]!))
  }

  package func stableBytes(of parameter: Parameter) -> UnsafeRawBufferPointer? { places[parameter] }
}
