// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who depends on AlbertKit builds it.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "AlbertKit", path: "..")],
  targets: [
    .target(name: "Bench", dependencies: [.product(name: "AlbertKit", package: "AlbertKit")]),
    .executableTarget(
      name: "forward",
      dependencies: ["Bench", .product(name: "AlbertKit", package: "AlbertKit")]),
    .executableTarget(
      name: "verify",
      dependencies: ["Bench", .product(name: "AlbertKit", package: "AlbertKit")]),
  ],
  swiftLanguageModes: [.v6]
)
