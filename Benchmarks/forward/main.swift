// Computes forward passes of a random model of a published size when a line on standard input says so, and
// answers with the seconds that each took, on the clock and of the processor.
//
//     ALBERTKIT_PROGRAMS=benchmarks swift run -c release forward [base | large | xlarge | xxlarge]
//
// A line is `KIND BATCH TOKENS`: `pass` up to the pooler, `padded` the same of sequences of 16 tokens up to
// all, `products` the pass's matrix products alone by OpenBLAS, `reference` the reference engine's pass.
import AlbertArchitecture
import AlbertBench
import AlbertFastModel
import AlbertPlatform
import AlbertReferenceModel
import AlbertTensors

let size = CommandLine.arguments.dropFirst().first ?? "base"
guard let config = Variant.all.first(where: { $0.name == "albert-\(size)-v2" })?.config else {
  fatalError("there is no size '\(size)'")
}
let store = RandomModel(config)
let fast = try FastModel(store)

/// Token ids and a mask, the same as those of other libraries' programs.
func inputs(_ kind: String, batch: Int, tokens: Int) throws -> ModelInputs {
  let mask = (0..<batch).flatMap { row in
    let length =
      kind == "padded" ? 16 + (tokens - 16) * row / max(1, batch - 1) : tokens
    return (0..<tokens).map { $0 < length ? 1 : 0 }
  }
  return try ModelInputs(
    inputIDs: (0..<batch * tokens).map { $0 * 7919 % config.vocabSize },
    shape: Shape([batch, tokens]), attentionMask: mask)
}

/// What a line asks for; nil where it says nothing that is known.
func task(_ line: String) throws -> (() throws -> Void)? {
  let words = line.split(separator: " ")
  guard words.count == 3, let batch = Int(words[1]), let tokens = Int(words[2]) else { return nil }
  let inputs = try inputs(String(words[0]), batch: batch, tokens: tokens)
  switch words[0] {
  case "pass", "padded":
    return { _ = try fast.forward(inputs, stages: [.poolerOutput]) }
  case "reference":
    let reference = ReferenceModel(store)
    return { _ = try reference.forward(inputs, stages: [.poolerOutput]) }
  case "products":
    let products = Products(config, batch: batch, sequence: tokens)
    return { products?.run() }
  default: return nil
  }
}

print("ready")
fflush(nil)
while let line = readLine() {
  if let task = try task(line) {
    let processor = processorSeconds
    let wall = try seconds(task)
    print(wall, processorSeconds - processor)
  } else {
    print("-")
  }
  fflush(nil)
}
