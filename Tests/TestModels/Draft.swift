package import AlbertArchitecture
internal import AlbertBytes
package import AlbertConversion
internal import AlbertReading
internal import AlbertNativeFormat
package import AlbertTensors
package import AlbertVerification

/// A model in memory that a test may spoil: its config, and its parameters as Float32.
package struct Draft {
  package var config: AlbertConfig
  package var contents: ModelContents
  package var values: [Parameter: [Float]]
  /// What each parameter is stored as.
  package var type = ElementType.float32

  /// A model with one group of one inner layer, or with two of two.
  package static let names = ["tiny-a", "tiny-b"]

  private static let loaded = Dictionary(
    uniqueKeysWithValues: names.map { ($0, try? Fixtures.model("\($0)/hf")) })

  /// What transformers wrote, read once.
  private static func sound(_ name: String) throws -> LoadedModel {
    try loaded[name].flatMap(\.self) ?? Fixtures.model("\(name)/hf")
  }

  /// What transformers wrote.
  package init(_ name: String) throws {
    let model = try Self.sound(name).model
    config = model.config
    contents = model.contents
    values = [:]
    for spec in ParameterSpec.all(config, contents) {
      values[spec.parameter] = model.withBytes(of: spec.parameter) {
        $0.floats(of: model.elementType(of: spec.parameter)) ?? []
      }
    }
  }

  /// Random weights of any size, the same for every `seed`.
  package init(_ config: AlbertConfig, _ contents: ModelContents, seed: UInt64) {
    self.config = config
    self.contents = contents
    values = [:]
    var state = seed
    for spec in ParameterSpec.all(config, contents) {
      var numbers = [Float](repeating: 0, count: spec.shape.count)
      for index in numbers.indices {
        // Marsaglia's xorshift.
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        numbers[index] = Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-36
      }
      values[spec.parameter] = numbers
    }
  }

  package subscript(parameter: Parameter) -> [Float] {
    get { values[parameter] ?? [] }
    set { values[parameter] = newValue }
  }

  /// Changes every parameter.
  package mutating func changeAll(_ change: (inout [Float]) -> Void) {
    for parameter in values.keys { change(&self[parameter]) }
  }

  package mutating func swap(_ first: Parameter, _ second: Parameter) {
    (self[first], self[second]) = (self[second], self[first])
  }

  /// Transposes a parameter that is a square matrix.
  package mutating func transpose(_ parameter: Parameter) {
    let size = parameter.role.shape(in: config).dimensions[0]
    let old = self[parameter]
    self[parameter] = old.indices.map { old[$0 % size * size + $0 / size] }
  }

  /// Takes each row from where `source` says.
  package mutating func permuteRows(_ parameter: Parameter, _ source: (Int) -> Int) {
    let shape = parameter.role.shape(in: config)
    let width = shape.count / shape.dimensions[0]
    let old = self[parameter]
    self[parameter] = (0..<shape.dimensions[0]).flatMap {
      old[source($0) * width..<(source($0) + 1) * width]
    }
  }

  /// The model, as one that was loaded.
  package func model() throws -> LoadedModel {
    let specs = ParameterSpec.all(config, contents)
    let layout = NativeLayout(
      inOrderOfUse: specs.map {
        TensorDescription(name: $0.name, type: type, shape: $0.shape)
      })
    let source = SourceProvenance(format: "npz", upstream: "test", files: [])
    let header = NativeHeader(
      config: config, contents: contents, layout: layout,
      digests: layout.places.map { _ in XXH3Digest.of(RawSpan()) }, source: source, tool: "test")
    let parameters = Dictionary(uniqueKeysWithValues: specs.map { ($0.name, $0.parameter) })
    let bytes = try unsafe MappedBytes(count: layout.byteCount) { target in
      for place in layout.places {
        guard let parameter = parameters[place.tensor.name] else { continue }
        let part = unsafe UnsafeMutableRawBufferPointer(rebasing: target[place.range])
        if type == .float32 {
          unsafe self[parameter].withUnsafeBytes { unsafe part.copyMemory(from: $0) }
        } else {
          for (index, value) in self[parameter].enumerated() {
            let bits =
              type == .float16 ? Float16(value).bitPattern : BFloat16(value).bitPattern
            unsafe part.storeBytes(of: bits, toByteOffset: 2 * index, as: UInt16.self)
          }
        }
      }
    }
    return LoadedModel(
      inspection: try Self.sound("tiny-a").inspection,
      model: NativeModel(header: header, bytes: bytes, dataStart: 0, path: "memory"))
  }

  /// Verifies the model against another one: the weights, and on a short probe the forward pass.
  package func verify(against reference: Draft, forward: Bool = true) throws -> VerificationResult {
    try Verification.verify(
      try model(), against: try reference.model(), Verification.Options(engines: .reference),
      on: forward ? .short : .none)
  }
}

/// A parameter of the block that tests spoil: the last of the model.
extension Draft {
  package func block(_ role: ParameterRole) -> Parameter {
    Parameter(role, group: config.numHiddenGroups - 1, inner: config.innerGroupNum - 1)
  }
}
