// swift-tools-version: 6.2
import PackageDescription

// What a user's package may look like: targets of its own that are called like folders of AlbertKit's
// sources, and an argument parser that it chooses itself. run.sh puts the code of docs/library.md into it.
let parser = Context.environment["ARGUMENT_PARSER"]
let package = Package(
  name: "Consumer",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "AlbertKit", path: "../.."),
    parser.flatMap(Version.init).map {
      .package(url: "https://github.com/apple/swift-argument-parser", exact: $0)
    } ?? .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
  ],
  targets: [
    .target(name: "JSON"),
    .target(name: "Bytes"),
    .executableTarget(
      name: "Consumer",
      dependencies: [
        "JSON", "Bytes", .product(name: "AlbertKit", package: "AlbertKit"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(
      name: "ConsumerTests",
      dependencies: ["JSON", .product(name: "AlbertKit", package: "AlbertKit")]),
  ],
  swiftLanguageModes: [.v6]
)
