// Runs node tests and prints what passed, failed and was refused, by operator and reason.
//
//     ALBERTKIT_PROGRAMS=conformance swift run -c release conformance FILE [LEAST] [--only NAME] [--declared]
//       [--models FOLDER]
//     ALBERTKIT_PROGRAMS=conformance swift run -c release conformance --operators
//
// FILE is what Tests/Conformance/node_cases.py writes. Exits with 1 where a test fails, or where fewer
// than LEAST pass. Of cases without a model of their own the models are in FOLDER. With `--declared`
// every value is rounded to its type, as a runtime does.
// `--operators` prints all operators that are computed, one a line.
import AlbertBytes
import AlbertGraphEngine
import AlbertNodeCases
import AlbertPlatform
import SystemPackage

var given = Array(CommandLine.arguments.dropFirst())
if given == ["--operators"] {
  var names: [String] = []
  for entry in OperatorTable.all where !names.contains("\(entry.domain):\(entry.name)") {
    names.append("\(entry.domain):\(entry.name)")
  }
  for name in names { print(name) }
  exit(0)
}
var only: String?
if let place = given.firstIndex(of: "--only"), place + 1 < given.count {
  only = given[place + 1]
  given.removeSubrange(place...place + 1)
}
var models: FilePath?
if let place = given.firstIndex(of: "--models"), place + 1 < given.count {
  models = FilePath(given[place + 1])
  given.removeSubrange(place...place + 1)
}
let isDeclared = given.contains("--declared")
given.removeAll { $0 == "--declared" }
guard let path = given.first else {
  print("usage: conformance FILE [LEAST] [--only NAME] [--declared] [--models FOLDER]")
  exit(2)
}
let least = given.count > 1 ? Int(given[1]) ?? 0 : 0

let folder = try FileManagement.folder()
defer { try? FileManagement.remove(folder) }
let runner = NodeRunner(in: folder, mode: isDeclared ? .declared : .float64, models: models)
var report = ConformanceReport()
for test in try NodeCase.all(in: FilePath(path)) where only.map(test.name.contains) ?? true {
  report.add(runner.run(test))
}
report.print()
if report.passed < least { print("at least \(least) must pass") }
try? FileManagement.remove(folder)
exit(report.failures.isEmpty && report.passed >= least ? 0 : 1)
