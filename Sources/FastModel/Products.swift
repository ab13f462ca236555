internal import AlbertBytes

/// Who computes a model's matrix products.
enum Products {
  /// The package's own kernels, with matrices packed once for all layers.
  case kernels(Kernels)
  /// The machine's BLAS library, with matrices where they lie.
  case library(BLAS)

  /// The kernels where they have instructions of the processor's own, which no library outdoes that
  /// packs each matrix anew; otherwise a library that has, if there is one.
  static func best(_ kernels: Kernels) throws(FileError) -> Products {
    guard kernels.arePortable else { return .kernels(kernels) }
    do throws(FileError) {
      return .library(try BLAS.shared())
    } catch {
      if case .missing = error.problem { return .kernels(kernels) }
      throw error
    }
  }
}
