// Times a whole verification at ALBERT-base's sizes, files and both engines included, against one
// fast forward pass of the same input.
//
//     ALBERTKIT_PROGRAMS=benchmarks swift run -c release verify [rounds [batch [tokens]]]
import AlbertArchitecture
import AlbertBench
import AlbertConversion
import AlbertFastModel
import AlbertPlatform
import SystemPackage
import AlbertTensors
import AlbertVerification

let given = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let sizes = given + [5, 2, 128].dropFirst(given.count)
let (rounds, batch, sequence) = (sizes[0], sizes[1], sizes[2])

var template = Array("/tmp/albert-bench-XXXXXX".utf8CString)
guard mkdtemp(&template) != nil else { fatalError("no folder for the models' files") }
let folder = FilePath(String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self))
defer {
  for name in ["wide.albert", "half.albert"] { unlink(folder.appending(name).string) }
  rmdir(folder.string)
}

let files = try NativeFiles(RandomModel(.base), in: folder)
let inputs = try ModelInputs(
  inputIDs: (0..<batch * sequence).map { $0 * 7919 % AlbertConfig.base.vocabSize },
  shape: Shape([batch, sequence]))
let options = Verification.Options(engines: .both, inputs: inputs)
let fast = try FastModel(try LoadedModel(files.wide).model)

var passes: [Double] = []
var equal: [Double] = []
var rounded: [Double] = []
for _ in 0..<rounds {
  passes.append(try seconds { try fast.forward(inputs) { _ in } })
  equal.append(
    try seconds { _ = try Verification.verify(files.wide, against: files.wide, options) })
  rounded.append(
    try seconds { _ = try Verification.verify(files.half, against: files.wide, options) })
}

func report(_ name: String, _ times: [Double], against passes: [Double]) {
  let (best, median) = (times.min()!, times.sorted()[times.count / 2])
  let ratio = (median / passes.sorted()[passes.count / 2] * 10).rounded() / 10
  print("\(name): best \(milliseconds(best)), median \(milliseconds(median)), \(ratio) passes")
}
report("fast forward pass", passes, against: passes)
report("verify, equal weights", equal, against: passes)
report("verify, Float16 against Float32", rounded, against: passes)
print("peak \(peakMemory) MB")
