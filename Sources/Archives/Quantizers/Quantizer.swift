package import AlbertBytes
internal import AlbertJSON
package import SystemPackage
package import AlbertTensors

/// A library that stores matrices as integers beside what turns them back into numbers.
protocol Quantizer: SendableMetatype {
  /// Its name, as users know it.
  static var title: String { get }

  /// The matrices that the library stored in a container.
  ///
  /// Throws where they are its own and cannot be turned back.
  static func matrices(_ archive: QuantizedArchive) throws(FileError) -> [any DerivedTensor]

  /// What else is to be said of a model that holds such matrices.
  static func notes(on matrices: [any DerivedTensor]) -> [ArchiveNote]
}

extension Quantizer {
  /// Nothing.
  static func notes(on matrices: [any DerivedTensor]) -> [ArchiveNote] { [] }
}

/// A container as quantisers see it.
struct QuantizedArchive {
  let archive: any TensorArchive
  let tensors: [String: TensorDescription]
  /// The config beside it, where one can be read.
  let config: JSONValue?

  /// The largest config that is read.
  private static let maxConfig = 16 << 20

  /// Throws where the config is there and cannot be read.
  init(_ archive: any TensorArchive, config path: FilePath?) throws(FileError) {
    self.archive = archive
    tensors = archive.tensors.byName
    let beside = archive.files.first.map {
      $0.path.removingLastComponent().appending("config.json")
    }
    guard let path = path ?? beside else {
      config = nil
      return
    }
    let read = try FileError.ifReadable { () throws(FileError) -> JSONValue? in
      let file = try SourceFile(path)
      return file.size <= Self.maxConfig ? try JSONValue.parse(file) : nil
    }
    config = read ?? nil
  }

  /// The path that errors tell.
  var path: String { archive.path }

  /// The tensors whose names end in `ending`, with what stands before it.
  func named(_ ending: String) -> [(stem: String, tensor: TensorDescription)] {
    archive.tensors.filter { $0.name.hasSuffix(ending) && $0.name != ending }.map {
      (String($0.name.dropLast(ending.count)), $0)
    }
  }

  /// The error for a matrix that a quantiser's code would not read either.
  func error(_ title: String, _ name: String, _ what: String) -> FileError {
    FileError(
      path,
      .rejected(
        code: "quantized",
        message: "the weights were quantised by \(title), and \(what) in tensor '\(name)'"),
      remedy: Quantization.remedy)
  }
}

/// All quantisers, and the way from their integers to numbers.
package enum Quantization {
  /// One line per quantiser.
  static let quantizers: [any Quantizer.Type] = [
    BitsAndBytes4.self,
    BitsAndBytes8.self,
    MLXQuantizer.self,
    TorchAO.self,
    TorchPacked.self,
  ]

  static let remedy: Remedy =
    "convert the model that was quantised, or load this one with the library that wrote it, turn its "
    + "matrices back into float32 and save them"

  /// The container with numbers for the integers that quantisers left in it; itself where there are none.
  ///
  /// `config` is the config to look into, instead of the one beside it. Throws where a quantiser is
  /// known and its numbers cannot be had.
  package static func restored(
    _ archive: any TensorArchive, config: FilePath?
  ) throws(FileError) -> any TensorArchive {
    guard archive.graph == nil else { return archive }
    let quantized = try QuantizedArchive(archive, config: config)
    var derived: [any DerivedTensor] = []
    var notes: [ArchiveNote] = []
    for quantizer in quantizers {
      let matrices = try quantizer.matrices(quantized)
      guard !matrices.isEmpty else { continue }
      derived += matrices
      // A bias that only gets its name back is not a matrix.
      let numbers = matrices.map(\.tensor).filter { $0.shape.rank > 1 }
      let types = Set(numbers.map(\.type.name)).sorted()
      notes.add(
        .note, code: "dequantized",
        message:
          "\(numbers.count) matrices were quantised by \(quantizer.title); they are read as the "
          + "\(types.joined(separator: " and ")) numbers that it computes with")
      notes += quantizer.notes(on: matrices)
    }
    if let foreign = ForeignQuantizer.error(quantized) { throw foreign }
    return derived.isEmpty ? archive : try DerivedArchive(archive, derived, notes: notes)
  }
}
