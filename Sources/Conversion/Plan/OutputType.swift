package import AlbertArchitecture
package import AlbertTensors

/// The element type that an output is asked to have, as `--dtype` names it.
public enum OutputType: String, CaseIterable, Sendable {
  /// As in the source; F64, which no runtime of ALBERT wants, becomes F32.
  case keep
  /// IEEE single precision.
  case f32
  /// IEEE half precision; a number beyond 65,504 is an error.
  case f16
  /// The upper half of single precision.
  case bf16
  /// Symmetric 8-bit integers for matrices and embeddings, a scale for each row; the rest stays F32.
  case i8

  /// The type in which a parameter that is stored as `source` is written.
  package func type(for source: ElementType, _ role: ParameterRole) -> ElementType {
    switch self {
    case .keep: source == .float64 ? .float32 : source
    case .f32: .float32
    case .f16: .float16
    case .bf16: .bfloat16
    case .i8: role.isLinearWeight || role.isEmbedding ? .int8 : .float32
    }
  }
}
