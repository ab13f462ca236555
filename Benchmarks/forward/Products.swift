import AlbertArchitecture
import AlbertPlatform

/// The matrix products of a forward pass and nothing else, by OpenBLAS: the yardstick for the whole.
final class Products {
  private typealias SGEMM =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32,
      UnsafePointer<Float>, Int32, Float, UnsafeMutablePointer<Float>, Int32
    ) -> Void

  /// x [rows, depth] times w [outputs, depth] transposed.
  private struct Product {
    let rows: Int
    let depth: Int
    let outputs: Int
    let times: Int
  }

  private let sgemm: SGEMM
  private let products: [Product]
  private let x: UnsafeMutablePointer<Float>
  private let w: UnsafeMutablePointer<Float>
  private let y: UnsafeMutablePointer<Float>

  /// The products of a pass up to the pooler; nil where OpenBLAS is not installed.
  init?(_ config: AlbertConfig, batch: Int, sequence s: Int) {
    guard let handle = dlopen("libopenblas.so.0", RTLD_NOW), let symbol = dlsym(handle, "cblas_sgemm")
    else { return nil }
    sgemm = unsafeBitCast(symbol, to: SGEMM.self)
    let t = batch * s
    let (e, h) = (config.embeddingSize, config.hiddenSize)
    let f = config.intermediateSize
    let (layers, heads, d) = (config.numHiddenLayers, config.numAttentionHeads, config.headSize)
    let products = [
      Product(rows: t, depth: e, outputs: h, times: 1),
      Product(rows: t, depth: h, outputs: 3 * h, times: layers),
      Product(rows: s, depth: d, outputs: s, times: layers * heads * batch),
      Product(rows: s, depth: s, outputs: d, times: layers * heads * batch),
      Product(rows: t, depth: h, outputs: h, times: layers),
      Product(rows: t, depth: h, outputs: f, times: layers),
      Product(rows: t, depth: f, outputs: h, times: layers),
      Product(rows: batch, depth: h, outputs: h, times: 1),
    ]
    self.products = products
    func memory(_ count: (Product) -> Int) -> UnsafeMutablePointer<Float> {
      let count = products.map(count).max()!
      let pointer = UnsafeMutablePointer<Float>.allocate(capacity: count)
      for index in 0..<count { pointer[index] = Float(index % 97) / 97 - 0.5 }
      return pointer
    }
    x = memory { $0.rows * $0.depth }
    w = memory { $0.outputs * $0.depth }
    y = memory { $0.rows * $0.outputs }
  }

  deinit {
    x.deallocate()
    w.deallocate()
    y.deallocate()
  }

  func run() {
    for product in products {
      for _ in 0..<product.times {
        sgemm(
          101, 111, 112, Int32(product.rows), Int32(product.outputs), Int32(product.depth), 1, x,
          Int32(product.depth), w, Int32(product.depth), 0, y, Int32(product.outputs))
      }
    }
  }
}
