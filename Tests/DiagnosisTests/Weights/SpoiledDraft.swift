import AlbertDiagnosis
import AlbertTestModels

/// Spoils a copy of the model `name` and returns what is said of it.
func diagnose(
  _ name: String, _ spoil: (inout Draft) throws -> Void
) throws -> (all: [Diagnosis], draft: Draft) {
  let sound = try Draft(name)
  var spoiled = sound
  try spoil(&spoiled)
  return (try spoiled.diagnose(against: sound), spoiled)
}
