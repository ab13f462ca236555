public import AlbertBytes
package import AlbertReading
package import SystemPackage

extension Verification {
  /// Throws unless the model at `subject` holds and computes what the one at `reference` does; for
  /// tests, as in `try Verification.assertFaithful("export.safetensors", to: "model.ckpt-best")`.
  @discardableResult
  package static func assertFaithful(
    _ subject: FilePath, to reference: FilePath, golden: FilePath? = nil,
    _ options: Options = Options(), inspection: InspectionOptions = InspectionOptions()
  ) throws(FaithfulnessFailure) -> VerificationResult {
    try FaithfulnessFailure.unless { () throws(FileError) in
      try verify(subject, against: reference, golden: golden, options, inspection: inspection)
    }
  }

  /// Throws unless the model at `subject` computes what was recorded in `golden`.
  @discardableResult
  package static func assertFaithful(
    _ subject: FilePath, toGolden golden: FilePath, _ options: Options = Options(),
    inspection: InspectionOptions = InspectionOptions()
  ) throws(FaithfulnessFailure) -> VerificationResult {
    try FaithfulnessFailure.unless { () throws(FileError) in
      try verify(subject, golden: golden, options, inspection: inspection)
    }
  }
}

/// Why a model is not faithful, or why that cannot be told.
public enum FaithfulnessFailure: Error, Sendable {
  /// It differs; the result says where and, as far as is known, why.
  case differs(VerificationResult)
  /// A file cannot be used.
  case unusable(FileError)

  /// The result of `verify`, if it passes.
  fileprivate static func unless(
    _ verify: () throws(FileError) -> VerificationResult
  ) throws(FaithfulnessFailure) -> VerificationResult {
    let result: VerificationResult
    do throws(FileError) {
      result = try verify()
    } catch {
      throw .unusable(error)
    }
    guard result.passes else { throw .differs(result) }
    return result
  }
}

extension FaithfulnessFailure: CustomStringConvertible {
  /// The explanation, the first stage that diverges and the parameters that differ, in sentences.
  public var description: String {
    switch self {
    case .unusable(let error): error.description
    case .differs(let result): result.complaint
    }
  }
}

extension VerificationResult {
  /// What is wrong, in sentences.
  fileprivate var complaint: String {
    let sides = [reference, golden].compactMap(\.self).joined(separator: " and ")
    var parts = ["\(subject) is not faithful to \(sides)"]
    parts += diagnosis.map { "\($0.code.rawValue): \($0.sentence(\.description))" }
    if diagnosis.isEmpty { parts += unexplained(\.description) }
    if let first = firstDivergence {
      var part = "first diverges at \(first.stage) (\(first.engine.rawValue))"
      if let problem = first.problem {
        part += ", \(problem)"
      } else if let error = first.error?.real {
        part += error.nonFinite > 0 ? ", not finite" : ", off by \(Float(error.maxAbs))"
        part += error.worst.map { " at \($0)" } ?? ""
      }
      parts.append(part)
    }
    let names = weights.filter { $0.outcome == .fail }.map(\.parameter.name)
    if let name = names.first {
      parts.append("\(name)\(names.count > 1 ? " and \(names.count - 1) more" : "") differs")
    }
    return parts.joined(separator: "; ")
  }
}
