// swift-tools-version: 6.2
import Foundation
import PackageDescription

let common: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Whether the tests are being built: a release build, so that other packages are optimised (unoptimised,
/// the checks of `FilePath` alone took half of the tests' time), but of this package only `loops`, whose
/// optimisation saves more time than it takes.
///
/// It wants unsafe flags, with which a package could not be depended on.
let isTesting = Context.environment["ALBERTKIT_OPTIMIZED"] != nil

/// The modules whose loops take most of the tests' time.
let loops: Set = [
  "CKernels", "Bytes", "Tensors", "Tokenizers", "GraphEngine", "Architecture", "ReferenceModel",
  "FastModel", "Diagnosis", "Verification",
]

/// The settings of a Swift target in a folder.
func settings(_ folder: String = "") -> [SwiftSetting] {
  common + (isTesting ? [.unsafeFlags([loops.contains(folder) ? "-O" : "-Onone"])] : [])
}

/// The name of a folder's target: `Bytes` is `AlbertBytes`, `CZlib` is `CAlbertZlib`.
///
/// It bears the product's name, since a package graph wants each name once and a user may well have a
/// `JSON` or a `CZlib` too.
func name(_ folder: String) -> String {
  let isC = folder.first == "C" && folder.dropFirst().first?.isUppercase == true
  return isC ? "CAlbert\(folder.dropFirst())" : "Albert\(folder)"
}

func targets(_ folders: [String]) -> [Target.Dependency] {
  folders.map { .target(name: name($0)) }
}

func module(
  _ folder: String, _ folders: [String], _ products: [Target.Dependency] = []
) -> Target {
  .target(
    name: name(folder), dependencies: targets(folders) + products, path: "Sources/\(folder)",
    swiftSettings: settings(folder))
}

func tests(
  _ folder: String, _ folders: [String], _ products: [Target.Dependency] = []
) -> Target {
  .testTarget(
    name: "\(folder)Tests", dependencies: targets(folders) + products,
    swiftSettings: settings())
}

func support(_ folder: String, _ folders: [String]) -> Target {
  .target(
    name: name(folder), dependencies: targets(folders) + [system], path: "Tests/\(folder)",
    swiftSettings: settings())
}

func shim(_ folder: String, linking settings: [LinkerSetting] = []) -> Target {
  .target(
    name: name(folder), path: "Sources/\(folder)",
    cSettings: isTesting && loops.contains(folder) ? [.unsafeFlags(["-O2"])] : [],
    linkerSettings: settings)
}

func library(_ folder: String, _ pkgConfig: String, _ debianPackage: String) -> Target {
  .systemLibrary(
    name: name(folder), path: "Sources/\(folder)", pkgConfig: pkgConfig,
    providers: [.apt([debianPackage])])
}

/// Whether a library's file is where linkers look.
func isInstalled(_ file: String) -> Bool {
  #if arch(arm64)
    let architecture = "aarch64"
  #else
    let architecture = "x86_64"
  #endif
  let own = (Context.environment["LIBRARY_PATH"] ?? "").split(separator: ":").map(String.init)
  let folders = [
    "/usr/lib/\(architecture)-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib64",
    "/usr/local/lib",
  ]
  return (own + folders).contains { FileManager.default.fileExists(atPath: "\($0)/\(file)") }
}

/// Settings that link a library: on Linux its archive and those that it needs, where all are installed
/// (Debian, Ubuntu), else the shared library (Fedora, Arch, Homebrew).
///
/// Shared libraries cost every command time: that of HDF5 brings 30 others along (curl, Kerberos, LDAP),
/// whose loading takes 5 ms. SwiftPM remembers what it read here; after one of the files was installed or
/// removed, `swift package purge-cache` makes it look again.
func linked(_ library: String, archives: [String], debian: String? = nil) -> [LinkerSetting] {
  let shared = debian.flatMap { isInstalled("lib\($0).so") ? $0 : nil } ?? library
  let linux = archives.allSatisfy(isInstalled) ? archives.map { ":\($0)" } : [shared]
  return linux.map { .linkedLibrary($0, .when(platforms: [.linux])) }
    + [.linkedLibrary(library, .when(platforms: [.macOS]))]
}

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

let package = Package(
  name: "AlbertKit",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "AlbertKit", targets: ["AlbertKit"]),
    .executable(name: "albert", targets: ["albert"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
  ],
  targets: [
    // C libraries: a module map and a shim of only what Swift cannot import.
    library("CXXHash", "libxxhash", "libxxhash-dev"),
    library("CCrypto", "libcrypto", "libssl-dev"),
    library("CJSONC", "json-c", "libjson-c-dev"),
    library("CZlib", "zlib", "zlib1g-dev"),
    shim("CKernels"),
    shim("CPlatform"),
    shim(
      "CHDF5",
      linking: linked(
        "hdf5", archives: ["libhdf5_serial.a", "libsz.a", "libaec.a"], debian: "hdf5_serial")
        + [.linkedLibrary("z")]),
    shim("CSQLite", linking: linked("sqlite3", archives: ["libsqlite3.a"]) + [.linkedLibrary("m")]),
    shim("CUTF8Proc", linking: linked("utf8proc", archives: ["libutf8proc.a"])),

    // Data flows one way, top to bottom.
    module("Platform", []),
    module("Bytes", ["CXXHash", "CCrypto", "CKernels", "CPlatform", "Platform"], [system]),
    module("JSON", ["CJSONC", "Bytes"]),
    module("Tensors", ["CKernels", "Bytes"]),
    module(
      "Archives",
      ["CZlib", "CKernels", "CPlatform", "CHDF5", "Platform", "Bytes", "JSON", "Tensors"], [system]),
    module("Graphs", ["Bytes", "Tensors", "Archives"], [system]),
    module("GraphEngine", ["CKernels", "Platform", "Bytes", "Tensors", "Graphs"]),
    module("Tokenizers", ["CUTF8Proc", "Bytes", "JSON", "Archives"], [system]),
    module("Architecture", ["Platform", "Bytes", "Tensors"]),
    module("Upstreams", ["Bytes", "JSON", "Tensors", "Architecture"]),
    module("GraphRecognition", ["Platform", "Bytes", "Tensors", "Architecture", "Upstreams"]),
    module(
      "NativeFormat", ["Bytes", "JSON", "Tensors", "Archives", "Architecture"], [system]),
    module(
      "Reading",
      [
        "Bytes", "JSON", "Tensors", "Archives", "Graphs", "Tokenizers", "Architecture", "Upstreams",
        "GraphRecognition", "NativeFormat",
      ], [system]),
    module(
      "Conversion",
      ["Bytes", "Tensors", "Archives", "Architecture", "Upstreams", "NativeFormat", "Reading"],
      [system]),
    module("ReferenceModel", ["CKernels", "Platform", "Bytes", "Tensors", "Architecture"]),
    module("FastModel", ["CKernels", "Platform", "Bytes", "Tensors", "Architecture"]),
    module(
      "Pipelines",
      [
        "Platform", "Bytes", "JSON", "Tensors", "Tokenizers", "Architecture", "Reading",
        "Conversion", "ReferenceModel", "FastModel",
      ]),
    module(
      "Diagnosis", ["Platform", "Bytes", "Tensors", "Architecture", "ReferenceModel", "FastModel"]),
    module(
      "Verification",
      [
        "Platform", "Bytes", "JSON", "Tensors", "Archives", "Graphs", "GraphEngine", "Tokenizers",
        "Architecture", "Reading", "Conversion", "ReferenceModel", "FastModel", "Diagnosis",
      ], [system]),
    module(
      "Comparison",
      [
        "Platform", "Bytes", "JSON", "Tensors", "Archives", "Tokenizers", "Architecture",
        "Upstreams", "NativeFormat", "Reading",
      ], [system]),
    module(
      "Exporters",
      [
        "Platform", "Bytes", "JSON", "Tensors", "Archives", "Tokenizers", "Architecture",
        "Upstreams", "NativeFormat", "Reading", "Conversion", "Verification",
      ], [system]),
    module(
      "Fleet",
      ["CPlatform", "CSQLite", "Platform", "Bytes", "JSON", "Archives", "Architecture", "Reading"],
      [system]),
    module(
      "Reports",
      [
        "CUTF8Proc", "Platform", "Bytes", "JSON", "Tensors", "GraphEngine", "Tokenizers",
        "Architecture", "NativeFormat", "Reading", "Conversion", "Pipelines", "Diagnosis",
        "Verification", "Comparison", "Exporters", "Fleet",
      ]),
    // What users import: it re-exports the modules with a public face, and takes paths as users have them.
    .target(
      name: "AlbertKit",
      dependencies: targets([
        "Bytes", "Tensors", "Archives", "Architecture", "NativeFormat", "Reading", "Conversion",
        "ReferenceModel", "FastModel", "Tokenizers", "Pipelines", "Diagnosis", "Verification",
        "Exporters",
      ]) + [system],
      swiftSettings: settings()),
    .executableTarget(
      name: "albert",
      dependencies: targets([
        "CPlatform", "Platform", "Bytes", "JSON", "Archives", "Graphs", "GraphEngine", "Tokenizers",
        "Architecture", "NativeFormat", "Reading", "Conversion", "Pipelines", "Verification",
        "Comparison", "Exporters", "Fleet", "Reports",
      ])
        + [system, .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: settings()),

    // What tests share: scratch folders and fixtures, and models in memory that they may spoil.
    support("TestSupport", ["Platform", "Bytes"]),
    support(
      "TestModels",
      [
        "Bytes", "Tensors", "Archives", "Architecture", "NativeFormat", "Reading", "Conversion",
        "ReferenceModel", "Verification", "TestSupport",
      ]),
    tests("Bytes", ["Platform", "Bytes", "TestSupport"], [system]),
    tests("JSON", ["Bytes", "JSON"]),
    tests("Tensors", ["Bytes", "Tensors"]),
    tests(
      "Archives", ["Platform", "Bytes", "JSON", "Tensors", "Archives", "TestSupport"], [system]),
    .target(
      name: name("NodeCases"),
      dependencies: targets(["Platform", "Bytes", "Tensors", "Graphs", "GraphEngine"]) + [system],
      path: "Tests/Conformance/NodeCases", swiftSettings: settings()),
    tests(
      "GraphEngine", ["Bytes", "Tensors", "Graphs", "GraphEngine", "NodeCases", "TestSupport"],
      [system]),
    tests("Tokenizers", ["Bytes", "JSON", "Tokenizers", "TestSupport"], [system]),
    tests("Architecture", ["Tensors", "Architecture"]),
    tests(
      "Upstreams",
      ["JSON", "Tensors", "Architecture", "Upstreams"]),
    tests(
      "GraphRecognition",
      [
        "Bytes", "JSON", "Tensors", "Archives", "Architecture", "Upstreams", "GraphRecognition",
        "TestSupport",
      ], [system]),
    tests(
      "NativeFormat",
      ["Platform", "Bytes", "Tensors", "Archives", "Architecture", "NativeFormat", "TestSupport"],
      [system]),
    tests(
      "Conversion",
      [
        "Bytes", "JSON", "Tensors", "Archives", "Architecture", "Upstreams", "NativeFormat",
        "Reading", "Conversion", "TestSupport",
      ], [system]),
    tests(
      "Model",
      [
        "CKernels", "Platform", "Bytes", "Tensors", "Archives", "Architecture", "ReferenceModel",
        "FastModel", "TestSupport",
      ],
      [system]),
    tests(
      "Pipelines",
      [
        "Bytes", "JSON", "Tensors", "Tokenizers", "Architecture", "Conversion", "Pipelines",
        "TestSupport",
      ], [system]),
    tests(
      "Diagnosis",
      [
        "Platform", "Bytes", "Tensors", "Architecture", "Conversion", "ReferenceModel",
        "Diagnosis", "Verification", "TestModels",
      ]),
    tests(
      "Verification",
      [
        "Bytes", "Tensors", "Archives", "Graphs", "GraphEngine", "Architecture", "Reading",
        "Conversion", "ReferenceModel", "Diagnosis", "Verification", "TestSupport", "TestModels",
      ], [system]),
    tests(
      "Exporters",
      [
        "Platform", "Bytes", "JSON", "Tensors", "Archives", "Architecture", "Upstreams",
        "NativeFormat", "Reading", "Conversion", "Verification", "Exporters", "TestSupport",
      ], [system]),
    tests(
      "Fleet", ["Bytes", "JSON", "Reading", "Fleet", "TestSupport"], [system]),
    .testTarget(
      name: "AlbertKitTests",
      dependencies: ["AlbertKit"]
        + targets([
          "Bytes", "Tensors", "Architecture", "Upstreams", "Diagnosis", "Exporters", "TestSupport",
        ]),
      swiftSettings: settings()),
    tests(
      "Command",
      [
        "Platform", "Bytes", "JSON", "Tensors", "Archives", "Architecture", "NativeFormat",
        "Reading", "Conversion", "Diagnosis", "Verification", "Comparison", "Exporters", "Reports",
        "TestSupport",
      ], ["albert", system]),
  ],
  swiftLanguageModes: [.v6]
)

/// A program for work on the package itself, from a folder of its own.
func program(
  _ name: String, at path: String, _ folders: [String], _ products: [Target.Dependency] = []
) -> Target {
  .executableTarget(name: name, dependencies: targets(folders) + products, path: path)
}

/// Groups of such programs.
///
/// ALBERTKIT_PROGRAMS lists those to add (`benchmarks,fuzz`), so that nobody who depends on the package
/// builds them; being of this package they may use all that is `package`.
let programs: [String: [Target]] = [
  "benchmarks": [
    .target(
      name: name("Bench"), dependencies: targets(["Platform", "Tensors", "Architecture"]),
      path: "Benchmarks/Bench"),
    program(
      "forward", at: "Benchmarks/forward",
      ["Platform", "Bench", "Tensors", "Architecture", "ReferenceModel", "FastModel"]),
  ],
  "conformance": [
    program(
      "conformance", at: "Tests/Conformance/conformance",
      ["Platform", "Bytes", "GraphEngine", "NodeCases"],
      [system])
  ],
  // It links only beside libFuzzer, as Tests/Fuzz/run.sh builds it.
  "fuzz": [
    .target(name: name("CFuzzer"), path: "Tests/Fuzz/CFuzzer"),
    program(
      "fuzz", at: "Tests/Fuzz/fuzz",
      [
        "Platform",
        "CFuzzer", "Bytes", "JSON", "Tensors", "Archives", "Graphs", "GraphEngine", "Tokenizers",
        "NativeFormat", "Reading", "Conversion", "Verification",
      ], [system]),
  ],
]

for group in (Context.environment["ALBERTKIT_PROGRAMS"] ?? "").split(separator: ",") {
  package.targets += programs[String(group)] ?? []
}
