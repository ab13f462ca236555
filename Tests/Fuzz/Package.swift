// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who depends on AlbertKit builds it; run.sh builds it with the
// address sanitizer and libFuzzer's counters in all modules.
let package = Package(
  name: "Fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "AlbertKit", path: "../..")],
  targets: [
    .target(name: "CFuzzer"),
    .executableTarget(
      name: "fuzz", dependencies: ["CFuzzer", .product(name: "AlbertKit", package: "AlbertKit")]),
  ],
  swiftLanguageModes: [.v6]
)
