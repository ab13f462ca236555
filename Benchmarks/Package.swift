// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who depends on AlbertKit builds it.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "AlbertKit", path: "..")],
  targets: [
    .executableTarget(
      name: "forward", dependencies: [.product(name: "AlbertKit", package: "AlbertKit")])
  ],
  swiftLanguageModes: [.v6]
)
