internal import AlbertBytes
internal import AlbertPlatform
internal import Synchronization

/// The machine's own matrix product, found when the first model is made.
///
/// OpenBLAS starts its threads as soon as it is loaded, so it is not linked: a command that does not
/// multiply never loads it. It is never unloaded.
@safe struct BLAS: Sendable {
  /// `cblas_sgemm` with 32-bit integers.
  typealias SGEMM =
    @convention(c) (
      _ order: Int32, _ transposeA: Int32, _ transposeB: Int32, _ m: Int32, _ n: Int32, _ k: Int32,
      _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int32, _ b: UnsafePointer<Float>,
      _ ldb: Int32, _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: Int32
    ) -> Void

  private let sgemm: SGEMM

  /// Libraries that may hold `cblas_sgemm`, best first.
  static let candidates: [String] = {
    #if canImport(Darwin)
      ["/System/Library/Frameworks/Accelerate.framework/Accelerate", "libopenblas.dylib"]
    #else
      // Debian's, Ubuntu's and Arch's name; Fedora's for its threaded build; any other CBLAS.
      ["libopenblas.so.0", "libopenblasp.so.0", "libopenblas.so", "libcblas.so.3", "libblas.so.3"]
    #endif
  }()

  private static let loaded = Mutex<BLAS?>(nil)

  /// The library that this process computes with.
  ///
  /// Throws where there is none, or the system's limits leave it no room.
  static func shared() throws(FileError) -> BLAS {
    try loaded.withLock { (loaded) throws(FileError) in
      if let loaded { return loaded }
      let needs = BLASNeeds()
      try needs.check(candidates.first ?? "BLAS")
      let blas = try load()
      // Its buffers are taken now, while there is room for them.
      if Machine.limitsMemory { blas.multiplyOnce(size: max(256, 64 * needs.threads)) }
      loaded = blas
      return blas
    }
  }

  /// Loads the first library of `candidates` that has the function.
  static func load(_ candidates: [String] = candidates) throws(FileError) -> BLAS {
    for name in candidates {
      guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
      guard let symbol = unsafe dlsym(handle, "cblas_sgemm") else {
        unsafe _ = dlclose(handle)
        continue
      }
      return unsafe BLAS(sgemm: unsafeBitCast(symbol, to: SGEMM.self))
    }
    throw FileError(
      candidates.first ?? "BLAS", .missing("a library with the matrix product cblas_sgemm"),
      remedy: "install OpenBLAS (Debian, Ubuntu: apt-get install libopenblas0-pthread)")
  }

  private static let rowMajor: Int32 = 101
  private static let asItIs: Int32 = 111
  private static let transposed: Int32 = 112

  private func multiplyOnce(size: Int) {
    let memory = AlignedFloats(count: 2 * size * size)
    unsafe memory.base.initialize(repeating: 0, count: 2 * size * size)
    unsafe multiply(
      memory.base, stride: size, memory.base, stride: size, into: memory.base + size * size,
      stride: size, rows: size, depth: size, outputs: size)
  }

  /// y = scale · x wᵀ, or with w as it is; each matrix with the distance between its rows.
  func multiply(
    _ x: UnsafePointer<Float>, stride xStride: Int, _ w: UnsafePointer<Float>, stride wStride: Int,
    isTransposed: Bool = true, into y: UnsafeMutablePointer<Float>, stride yStride: Int, rows: Int,
    depth: Int, outputs: Int, scale: Float = 1
  ) {
    unsafe sgemm(
      Self.rowMajor, Self.asItIs, isTransposed ? Self.transposed : Self.asItIs, Int32(rows),
      Int32(outputs), Int32(depth), scale, x, Int32(xStride), w, Int32(wStride), 0, y,
      Int32(yStride))
  }
}
