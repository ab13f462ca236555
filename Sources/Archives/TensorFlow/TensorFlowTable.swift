internal import Bytes
internal import Tensors

/// A TensorFlow checkpoint of the first format, one table that holds names and values alike.
enum TensorFlowTable {
  /// Refuses the file and says how to go on.
  static func open(_ file: SourceFile, named: [SourceFile]) throws(FileError) -> any TensorArchive {
    throw FileError(
      file.path.string, .unsupported("a checkpoint of TensorFlow's first, single-file format (V1)"),
      remedy: "restore it with TensorFlow and save it again with tf.compat.v1.train.Saver")
  }
}
