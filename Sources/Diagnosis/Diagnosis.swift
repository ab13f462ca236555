package import AlbertBytes

/// One explanation of a difference.
public struct Diagnosis: Equatable, Sendable {
  /// The stable word.
  public let code: Code
  /// The parameter concerned, by its full name.
  public let parameter: String?
  /// The other parameter, where two are concerned.
  public let otherParameter: String?
  /// The explanation in words.
  public let message: String
  /// The share of the error that vanishes under the hypothesis, 0…1.
  public let explains: Double

  /// How to read a model so that the difference vanishes; empty where there is no such way.
  package let remedy: Remedy

  package init(
    _ code: Code, parameter: String? = nil, otherParameter: String? = nil, message: String,
    explains: Double, remedy: Remedy = ""
  ) {
    self.code = code
    self.parameter = parameter
    self.otherParameter = otherParameter
    self.message = message
    self.explains = min(1, max(0, explains))
    self.remedy = remedy
  }

  /// The explanation, and the way to read a model where there is one, with settings in a program's words.
  package func sentence(_ word: (AlbertBytes.Setting) -> String) -> String {
    remedy.isEmpty ? message : "\(message); \(remedy.text(word))"
  }

  /// The kind of an explanation: a stable word, which its defect's file in the catalogue declares.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The word.
    public let rawValue: String

    /// The kind of a word.
    ///
    /// - Parameter rawValue: The word, such as `transposed`.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// What a verification tells without a search, then every kind of the catalogue, most specific
    /// first.
    package static var allCases: [Code] {
      [
        .otherModel, .otherInputs, .recordedElsewhere, .publisherDiffers, .roundingCost,
        .softmaxAxis,
      ]
        + DefectCatalogue.kinds.map { $0.code }
    }
  }
}

extension Diagnosis.Code {
  /// A golden file's arrays are those of another model.
  package static let otherModel = Self(rawValue: "other-model")
  /// Outputs were recorded for other inputs, of another number of sequences or tokens.
  package static let otherInputs = Self(rawValue: "other-inputs")
  /// Embeddings were recorded after their projection.
  package static let recordedElsewhere = Self(rawValue: "recorded-elsewhere")
  /// Outputs were recorded from the publisher's own code, which computes something else than an ALBERT.
  package static let publisherDiffers = Self(rawValue: "publisher-differs")
  /// What rounding costs exceeds what was allowed.
  package static let roundingCost = Self(rawValue: "rounding-cost")

  /// A graph's softmax runs along another axis than the keys'.
  package static let softmaxAxis = Self(rawValue: "softmax-axis")

  // Kinds of the catalogue that shapes and configs show too, before a search.

  /// The word embeddings have other rows.
  package static let vocabularyRows = VocabularyRows.code
  /// The number of heads differs.
  package static let headCount = HeadCount.code
  /// A LayerNorm has another epsilon.
  package static let layerNormEpsilon = LayerNormEpsilon.code
  /// One side's decoder is a matrix of its own.
  package static let untiedDecoder = UntiedDecoder.code
}

extension [Diagnosis] {
  /// What several kinds of evidence tell, most specific code first; the first list goes before the
  /// others.
  ///
  /// A later explanation is left out where an earlier list has the code with the same parameters, or
  /// where it names no parameter itself. So what was read off the weights counts more than what
  /// outputs let conclude. Within a code the order of the lists stays.
  package static func merging(_ lists: [Diagnosis]...) -> [Diagnosis] {
    var merged: [Diagnosis] = []
    for list in lists {
      let earlier = merged
      merged += list.filter { diagnosis in
        !earlier.contains {
          $0.code == diagnosis.code && (diagnosis.parameter == nil || $0.names(diagnosis))
        }
      }
    }
    return merged.inOrder
  }

  /// Sorted by code, most specific first; within a code as they are.
  var inOrder: [Diagnosis] {
    Diagnosis.Code.allCases.flatMap { code in filter { $0.code == code } }
  }
}

extension Diagnosis {
  /// Whether both name the same parameters.
  func names(_ other: Diagnosis) -> Bool {
    parameter == other.parameter && otherParameter == other.otherParameter
  }
}
