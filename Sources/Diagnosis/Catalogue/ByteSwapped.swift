/// Numbers of the other byte order.
///
/// Outputs hold no finite numbers then, so that only weights tell.
enum ByteSwapped: DefectKind {
  /// The bytes of each number are in reverse order.
  static let code = Diagnosis.Code(rawValue: "byte-swapped")

  static func candidates(in scope: Scope) -> [Defect] {
    guard let parameter = scope.parameter else { return [] }
    return [
      scope.defect(
        code, [parameter.parameter], "has the bytes of each number in reverse order"
      ) { .change($0, .byteSwapped(parameter.type)) }
    ]
  }
}
