import AlbertDiagnosis
import AlbertTestModels
import AlbertVerification
import Testing

extension Draft {
  /// What is said of the model, which must fail.
  func diagnose(against reference: Draft, forward: Bool = false) throws -> [Diagnosis] {
    let result = try verify(against: reference, forward: forward)
    let passes = result.passes
    #expect(!passes)
    return result.diagnosis
  }
}
