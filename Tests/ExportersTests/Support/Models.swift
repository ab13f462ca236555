import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertExporters
import AlbertNativeFormat
import AlbertTestSupport
import AlbertUpstreams
import SystemPackage

/// Small models that the upstream libraries wrote, which the conversion's tests hold too.
enum Models {
  static let folder = PackageFiles.fixtures.appending("publishers")

  /// The tool's executable, in whose workers HDF5 files are parsed.
  static let worker = PackageFiles.tool

  /// One of each make-up: heads, groups, publishers, a projection that is the identity.
  static let all = [
    "one/hf-safetensors", "two/hf-safetensors", "one/tf1", "two/tf1", "square/tf1",
    "one/hf-safetensors-maskedlm", "one/hf-safetensors-seqcls", "one/hf-safetensors-tokencls",
    "one/hf-safetensors-qa", "one/hf-safetensors-multichoice", "one/keras3-backbone",
    "one/keras3-maskedlm", "one/hf-h5",
  ]

  static func inspect(_ name: String) throws -> Inspection {
    try Inspection.open(folder.appending(name), reading())
  }

  /// How a written model is read: with the config of what was written, where it is a file alone.
  static func reading(_ stated: AlbertConfig? = nil) -> InspectionOptions {
    var options = InspectionOptions(archive: ArchiveOptions(worker: worker))
    options.stated = stated.map { PartialConfig($0) }
    return options
  }

  /// The usual options for one format.
  static func options(_ format: String? = nil, _ type: OutputType = .keep) -> ExportOptions {
    var options = ExportOptions()
    options.format = format.flatMap { ExportFormat(named: $0) }
    options.type = type
    options.archive = ArchiveOptions(worker: worker)
    return options
  }

  /// The digest of each tensor of the native file that a model becomes.
  static func digests(_ inspection: Inspection) throws -> [String: String] {
    let header = try LoadedModel(inspection).model.header
    return Dictionary(
      uniqueKeysWithValues: zip(header.layout.places, header.digests).map {
        ($0.tensor.name, $1.description)
      })
  }
}
