extension Diagnosis.Code {
  /// The bytes of each number are in reverse order.
  package static let byteSwapped = Self(rawValue: "byte-swapped")
}

/// Numbers of the other byte order.
///
/// Outputs hold no finite numbers then, so that only weights tell.
enum ByteSwapped: DefectKind {
  static let code = Diagnosis.Code.byteSwapped

  static func candidates(in scope: Scope) -> [Defect] {
    guard let parameter = scope.parameter else { return [] }
    return [
      scope.defect(
        code, [parameter.parameter], "has the bytes of each number in reverse order"
      ) { .change($0, .byteSwapped(parameter.type)) }
    ]
  }
}
