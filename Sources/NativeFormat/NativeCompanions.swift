/// Small files that a native file carries in its header beside the model: each as JSON text, the files'
/// names to base64 of their bytes.
package struct NativeCompanions: Equatable, Sendable {
  /// The tokenizer's files; nil where there are none.
  package var tokenizer: String?
  /// The files by which sentence-transformers makes a text's vector; nil where there are none.
  package var pooling: String?

  /// States what is carried.
  package init(tokenizer: String? = nil, pooling: String? = nil) {
    self.tokenizer = tokenizer
    self.pooling = pooling
  }
}
