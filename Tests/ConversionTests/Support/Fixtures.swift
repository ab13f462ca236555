import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertJSON
import AlbertNativeFormat
import AlbertTestSupport
import SystemPackage
import Testing

/// Files that the upstream libraries wrote, and what they hold.
enum Fixtures {
  static let folder = PackageFiles.fixtures.appending("publishers")

  /// The tool's executable, in whose workers HDF5 files are parsed.
  static let worker = PackageFiles.tool

  static func options(config: FilePath? = nil, prefix: String? = nil) -> InspectionOptions {
    InspectionOptions(archive: ArchiveOptions(worker: worker), config: config, prefix: prefix)
  }

  static func inspect(
    _ name: String, config: String? = nil, prefix: String? = nil
  ) throws -> Inspection {
    try Inspection.open(
      folder.appending(name),
      options(config: config.map { folder.appending($0) }, prefix: prefix))
  }

  /// The digest of each tensor of the native file that a source becomes.
  static func digests(
    _ name: String, config: String? = nil, prefix: String? = nil
  ) throws -> [String: String] {
    let loaded = try LoadedModel(try inspect(name, config: config, prefix: prefix))
    let header = loaded.model.header
    return Dictionary(
      uniqueKeysWithValues: zip(header.layout.places, header.digests).map {
        ($0.tensor.name, $1.description)
      })
  }

  /// The recorded truth.
  static let truth: JSONValue = {
    let path = folder.appending("truth.json")
    return (try? JSONValue.parse(SourceFile(path))) ?? .null
  }()
}

/// One folder of the fixtures and the parts of the model that it was written with.
struct FixtureFolder: CustomTestStringConvertible, Sendable {
  let config: String
  let name: String
  let parts: [String]
  let head: String?

  var path: String { "\(config)/\(name)" }
  var testDescription: String { path }

  /// Every folder.
  static let all: [FixtureFolder] = (Fixtures.truth.members ?? []).flatMap { config in
    (config.value["folders"]?.members ?? []).map { folder in
      FixtureFolder(
        config: config.key, name: folder.key,
        parts: folder.value["holds"]?.elements?.compactMap(\.string) ?? [],
        head: folder.value["head"]?.string)
    }
  }

  /// The digests by canonical names that the folder's tensors have, exactly these.
  var digests: [String: String] {
    var members: [JSONMember] = []
    let truth = Fixtures.truth[config]
    for part in parts { members += truth?["digests"]?[part]?.members ?? [] }
    if let head { members += truth?["heads"]?[head]?.members ?? [] }
    return Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value.string ?? "") })
  }
}
