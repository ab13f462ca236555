internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertReading
internal import AlbertJSON
internal import AlbertNativeFormat

extension ExportModel {
  /// The parameter of the first group with the same numbers, for parameters of later groups that repeat
  /// it: the same tensor of the source, or one of the same digest in a native file.
  var sharedAmongGroups: [Parameter: Parameter] {
    let digests = self.digests
    var first: [Key: Parameter] = [:]
    var shared: [Parameter: Parameter] = [:]
    for planned in tensors where planned.spec.parameter.role.isPerBlock {
      guard case .stored(let tensor, _) = planned.origin else { continue }
      let parameter = planned.spec.parameter
      let key = Key(
        role: parameter.role, inner: parameter.inner,
        numbers: digests[tensor.name] ?? "tensor \(tensor.name)")
      if let original = first[key] {
        shared[parameter] = original
      } else {
        first[key] = parameter
      }
    }
    return shared
  }

  /// The digest of each tensor where the source is a native file.
  private var digests: [String: String] {
    let key = NativeProfile.Key.digests.rawValue
    guard let text = plan.inspection.archive.metadata[key],
      let json = try? JSONValue.parse(Array(text.utf8), path: path)
    else { return [:] }
    return Dictionary(
      firstOfEach: (json.members ?? []).compactMap { member in
        member.value.string.map { (member.key, $0) }
      })
  }
}

/// What tells parameters apart that may be one.
private struct Key: Hashable {
  let role: ParameterRole
  let inner: Int
  let numbers: String
}
