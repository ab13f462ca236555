package import AlbertJSON

/// Small files that a native file carries in its header beside the model: each as JSON text, the files'
/// names to base64 of their bytes.
package struct NativeCompanions: Equatable, Sendable {
  /// The tokenizer's files, as the header has them; nil where there are none.
  ///
  /// It has megabytes, which are passed over where a model is opened.
  package var tokenizer: JSONPart?
  /// The files by which sentence-transformers makes a text's vector; nil where there are none.
  package var pooling: String?

  /// States what lies beside the model.
  package init(tokenizer: JSONPart? = nil, pooling: String? = nil) {
    self.tokenizer = tokenizer
    self.pooling = pooling
  }
}
