import AlbertArchitecture
import AlbertBytes
import AlbertTensors
import Testing

@testable import AlbertFastModel

/// A model's parameters side by side at one address, in the order that is given.
private final class MappedStore: ParameterStore {
  let config: AlbertConfig
  let contents: ModelContents
  private let bytes: MappedBytes
  private let ranges: [Parameter: Range<Int>]

  init(_ store: MemoryStore, reversed: Bool = false, gap: Int = 0) throws {
    config = store.config
    contents = store.contents
    let parameters = ParameterSpec.all(config, contents).map(\.parameter)
    var ranges: [Parameter: Range<Int>] = [:]
    var all: [UInt8] = []
    for parameter in reversed ? parameters.reversed() : parameters {
      all += Array(repeating: 0, count: gap)
      let content = store.parameters[parameter.name]?.bytes ?? []
      ranges[parameter] = all.count..<all.count + content.count
      all += content
    }
    self.ranges = ranges
    bytes = unsafe try MappedBytes(count: all.count) { unsafe $0.copyBytes(from: all) }
  }

  func elementType(of parameter: Parameter) -> ElementType { .float32 }

  func withBytes<R>(of parameter: Parameter, _ body: (RawSpan) -> R) -> R {
    bytes.withBytes(ranges[parameter] ?? 0..<0, body)
  }

  func stableBytes(of parameter: Parameter) -> UnsafeRawBufferPointer? {
    unsafe bytes.address(of: ranges[parameter] ?? 0..<0)
  }
}

/// Where the fast model reads its weights, and who may use it at a time.
@Suite struct FastModelMemoryTests {
  /// Whether the model reads the parameter where the store keeps it.
  private func isInPlace(_ model: FastModel, _ store: MappedStore, _ role: ParameterRole) -> Bool {
    let address = unsafe store.stableBytes(of: Parameter(role))?.baseAddress
    let used = unsafe UnsafeRawPointer(model.weights.address(of: Parameter(role)))
    return unsafe address == used
  }

  @Test func tablesAndVectorsAreReadInPlace() throws {
    let memory = try Fixture.storeA()
    let store = try MappedStore(memory)
    let model = try FastModel(store)
    for role in [ParameterRole.wordEmbeddings, .ffnBias, .fullLayerNormWeight, .mlmBias] {
      #expect(isInPlace(model, store, role), "\(role)")
    }
    try expectSame(model, memory)
  }

  @Test func biasesInAnotherOrderAreBroughtTogether() throws {
    let memory = try Fixture.storeA()
    let store = try MappedStore(memory, reversed: true)
    let model = try FastModel(store)
    #expect(isInPlace(model, store, .ffnBias))
    #expect(!isInPlace(model, store, .queryBias))
    try expectSame(model, memory)
  }

  @Test func weightsAtOddAddressesAreCopied() throws {
    let memory = try Fixture.storeA()
    let store = try MappedStore(memory, gap: 1)
    let model = try FastModel(store)
    try expectSame(model, memory)
  }

  @Test func aLibraryMultipliesWithWeightsInPlace() throws {
    let memory = try Fixture.storeA()
    let store = try MappedStore(memory)
    let model = try FastModel(store, Kernels(), .library(BLAS.shared()))
    for role in ParameterRole.allCases where model.contents.contains(role) {
      #expect(isInPlace(model, store, role), "\(role)")
    }
    let h = model.config.hiddenSize
    let query = unsafe model.weights.address(of: Parameter(.queryWeight))
    #expect(unsafe model.weights.address(of: Parameter(.valueWeight)) == query + 2 * h * h)
  }

  /// Wherever the weights lie, the results are those of weights that were copied.
  private func expectSame(_ model: FastModel, _ memory: MemoryStore) throws {
    let inputs = try someInputs(2, 9, model.config)
    for (a, b) in zip(try model.forward(inputs), try FastModel(memory).forward(inputs)) {
      #expect(a.values == b.values, "\(a.stage)")
    }
  }

  /// Few rows and more than one block of them; widths that fill panels and such that do not.
  @Test func panelsThatAreNotKeptGiveTheSameToTheLastBit() throws {
    for store in [try Fixture.storeA(), try Fixture.storeB()] {
      let kept = try FastModel(store)
      let passing = try FastModel(store, maxPanels: 0)
      #expect(passing.weights.packedCount < kept.weights.packedCount)
      for (sequences, tokens) in [(1, 1), (2, 9), (13, 16)] {
        let inputs = try someInputs(sequences, tokens, store.config)
        let expected = try kept.forward(inputs)
        for _ in 0..<2 {
          for (a, b) in zip(try passing.forward(inputs), expected) {
            #expect(a.values == b.values, "\(a.stage)")
          }
        }
      }
    }
  }

  @Test func manyThreadsMayUseOneModel() async throws {
    let model = try FastModel(Fixture.storeB())
    let shapes = [(1, 5), (2, 16), (3, 9), (1, 33)]
    let expected = try shapes.map { shape in
      try model.forward(someInputs(shape.0, shape.1, model.config)).map(\.values)
    }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for task in 0..<16 {
        group.addTask {
          let shape = shapes[task % shapes.count]
          let outputs = try model.forward(someInputs(shape.0, shape.1, model.config))
          return outputs.map(\.values) == expected[task % shapes.count]
        }
      }
      for try await isSame in group { #expect(isSame) }
    }
  }

  @Test func aMachineWithoutBLASIsToldWhatToInstall() {
    do throws(FileError) {
      _ = try BLAS.load(["libalbertkit-no-such-library.so", "libc.so.6"])
      Issue.record("a library that does not exist was loaded")
    } catch {
      #expect(
        error.description
          == "libalbertkit-no-such-library.so: a library with the matrix product cblas_sgemm is missing; install OpenBLAS (Debian, Ubuntu: apt-get install libopenblas0-pthread)"
      )
    }
  }
}
