// Times the forward passes at ALBERT-base's sizes: the fast one against its own matrix products alone,
// measured in turns, and the reference.
//
//     ALBERTKIT_PROGRAMS=benchmarks swift run -c release forward [rounds [batch [tokens]]]
import AlbertArchitecture
import AlbertBench
import AlbertFastModel
import AlbertReferenceModel
import AlbertTensors

let given = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let sizes = given + [15, 2, 128].dropFirst(given.count)
let (rounds, batch, sequence) = (sizes[0], sizes[1], sizes[2])
let config = AlbertConfig.base
let store = RandomModel(config)
let inputs = try ModelInputs(
  inputIDs: (0..<batch * sequence).map { $0 * 7919 % config.vocabSize },
  shape: Shape([batch, sequence]))
let stages = Stage.all(config, store.contents)
print("before a model is made: peak \(peakMemory) MB")

let fast = try FastModel(store)
let products = Products(config, batch: batch, sequence: sequence)
var passes: [Double] = []
var floors: [Double] = []
for _ in 0..<rounds {
  passes.append(try seconds { try fast.forward(inputs) { _ in } })
  floors.append(seconds { products.run() })
}
passes.sort()
floors.sort()
print("fast forward: best \(milliseconds(passes[0])), median \(milliseconds(passes[rounds / 2]))")
print(
  "its products: best \(milliseconds(floors[0])), median \(milliseconds(floors[rounds / 2])), "
    + "\((products.operations / floors[0] / 1e9).rounded()) GFLOP/s")
print(
  "products' share of the pass: best \((floors[0] / passes[0] * 1000).rounded() / 10) %, "
    + "median \((floors[rounds / 2] / passes[rounds / 2] * 1000).rounded() / 10) %")
print("with the fast model: peak \(peakMemory) MB")

let reference = ReferenceModel(store)
let time = try (0..<3).map { _ in try seconds { try reference.forward(inputs) { _ in } } }.min()!
print(
  "reference forward: best \(milliseconds(time)), \((products.operations / time / 1e9).rounded()) "
    + "GFLOP/s, \((time / passes[0] * 10).rounded() / 10) times the fast one")
print("with the reference: peak \(peakMemory) MB")
