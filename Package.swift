// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// The modules whose loops take most of the tests' time, optimised where `make test` builds them: a
/// package with unsafe flags could not be depended on.
let loops =
  Context.environment["ALBERTKIT_OPTIMIZED"] == nil
  ? []
  : [
    "Bytes", "Tensors", "Albert", "ReferenceModel", "FastModel", "AlbertDiagnosis", "Verification",
  ]

func module(
  _ name: String, path: String? = nil, _ dependencies: [Target.Dependency]
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path,
    swiftSettings: settings + (loops.contains(name) ? [.unsafeFlags(["-O"])] : []))
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

func library(_ name: String, _ pkgConfig: String, _ debianPackage: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debianPackage])])
}

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

let package = Package(
  name: "AlbertKit",
  products: [
    .library(
      name: "AlbertKit",
      targets: [
        "Bytes", "JSON", "Tensors", "Archives", "Albert", "Upstreams", "NativeFormat", "Conversion",
        "ReferenceModel", "FastModel", "AlbertDiagnosis", "Verification", "Exporters", "Reports",
      ]),
    .executable(name: "albert", targets: ["albert"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
  ],
  targets: [
    // C libraries: a module map and a shim of only what Swift cannot import.
    library("CXXHash", "libxxhash", "libxxhash-dev"),
    library("CCrypto", "libcrypto", "libssl-dev"),
    library("CJSONC", "json-c", "libjson-c-dev"),
    library("CZlib", "zlib", "zlib1g-dev"),
    .target(name: "CKernels"),
    .target(name: "CSupport"),
    .target(
      name: "CHDF5",
      linkerSettings: [
        // The archive, not the shared library: that one brings 30 others along (curl, Kerberos,
        // LDAP), whose loading would cost every command 5 ms.
        .linkedLibrary(":libhdf5_serial.a", .when(platforms: [.linux])),
        .linkedLibrary(":libsz.a", .when(platforms: [.linux])),
        .linkedLibrary(":libaec.a", .when(platforms: [.linux])),
        .linkedLibrary("hdf5", .when(platforms: [.macOS])),
        .linkedLibrary("z"),
      ]),

    // Data flows one way, top to bottom.
    module("Bytes", ["CXXHash", "CCrypto", "CKernels", "CSupport", system]),
    module("JSON", ["Bytes", "CJSONC"]),
    module("Tensors", ["Bytes", "CKernels"]),
    module(
      "Archives", ["Bytes", "JSON", "Tensors", "CHDF5", "CKernels", "CZlib", "CSupport", system]),
    module("Albert", ["Bytes", "Tensors"]),
    module("Upstreams", ["Albert", "Bytes", "JSON", "Tensors"]),
    module("NativeFormat", ["Albert", "Archives", "Bytes", "JSON", "Tensors", system]),
    module(
      "Conversion",
      ["Albert", "Archives", "Bytes", "JSON", "NativeFormat", "Tensors", "Upstreams", system]),
    module("ReferenceModel", ["Albert", "Bytes", "Tensors"]),
    module("FastModel", ["Albert", "Bytes", "CKernels", "CSupport", "Tensors"]),
    module(
      "AlbertDiagnosis", path: "Sources/Diagnosis",
      ["Albert", "Bytes", "FastModel", "ReferenceModel", "Tensors"]),
    module(
      "Verification",
      [
        "Albert", "AlbertDiagnosis", "Archives", "Bytes", "Conversion", "FastModel", "NativeFormat",
        "ReferenceModel",
        "Tensors", system,
      ]),
    module(
      "Exporters",
      [
        "Albert", "Archives", "Bytes", "Conversion", "JSON", "NativeFormat", "Tensors", "Upstreams",
        "Verification", system,
      ]),
    module(
      "Reports",
      [
        "Albert", "AlbertDiagnosis", "Bytes", "Conversion", "Exporters", "JSON", "NativeFormat",
        "Tensors", "Verification",
      ]),
    .executableTarget(
      name: "albert",
      dependencies: [
        "Albert", "Archives", "Bytes", "Conversion", "Exporters", "FastModel", "JSON",
        "NativeFormat", "ReferenceModel", "Reports", "Tensors", "Upstreams", "Verification",
        "CSupport", system,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // What tests share: models in memory that they may spoil, fixtures, scratch folders.
    .target(
      name: "TestSupport",
      dependencies: [
        "Albert", "Archives", "Bytes", "Conversion", "NativeFormat", "ReferenceModel", "Tensors",
        "Verification", system,
      ], path: "Tests/TestSupport", swiftSettings: settings),
    tests("BytesTests", ["Bytes"]),
    tests("JSONTests", ["JSON", "Bytes"]),
    tests("TensorsTests", ["Tensors", "Bytes"]),
    tests(
      "ArchivesTests", ["Archives", "Tensors", "Bytes", "JSON", system], exclude: ["Fixtures"]),
    tests("AlbertTests", ["Albert", "Tensors", "Bytes"]),
    tests(
      "UpstreamsTests", ["Upstreams", "Albert", "Archives", "Tensors", "JSON", "Bytes", system],
      exclude: ["Fixtures"]),
    tests(
      "NativeFormatTests",
      ["NativeFormat", "Albert", "Archives", "Tensors", "Bytes", "JSON", system]),
    tests(
      "ConversionTests",
      [
        "Conversion", "NativeFormat", "Upstreams", "Albert", "Archives", "Tensors", "Bytes", "JSON",
        system,
      ], exclude: ["Fixtures"]),
    tests(
      "ModelTests",
      [
        "ReferenceModel", "FastModel", "CKernels", "Albert", "Archives", "Tensors", "Bytes", "JSON",
        system,
      ],
      exclude: ["Fixtures"]),
    tests(
      "DiagnosisTests",
      [
        "AlbertDiagnosis", "Verification", "Conversion", "NativeFormat", "ReferenceModel", "Albert",
        "Archives", "Tensors", "TestSupport", "Bytes", system,
      ]),
    tests(
      "VerificationTests",
      [
        "AlbertDiagnosis", "Verification", "Conversion", "NativeFormat", "ReferenceModel",
        "FastModel", "Albert",
        "Archives", "Tensors", "TestSupport", "Bytes", system,
      ], exclude: ["Fixtures"]),
    tests(
      "ExportersTests",
      [
        "Exporters", "Verification", "Conversion", "NativeFormat", "Upstreams", "Albert",
        "Archives", "Tensors", "Bytes", "JSON", system,
      ]),
    tests(
      "CommandTests",
      [
        "albert", "Albert", "AlbertDiagnosis", "Reports", "Conversion", "Exporters", "NativeFormat",
        "JSON", "Bytes",
        "Tensors",
        "Archives",
        "Verification", system,
      ]),
  ],
  swiftLanguageModes: [.v6]
)
