package import AlbertBytes
package import AlbertJSON

/// What Keras 2 says of a SavedModel's layers, in the file `keras_metadata.pb` beside the graph.
package enum KerasMetadata {
  /// The file's name.
  package static let name = "keras_metadata.pb"

  private static let largestSize = 16 << 20
  private static let maxLayers = 1 << 16

  /// The descriptions of all layers that have one in JSON, as a list.
  ///
  /// A `SavedMetadata` (tensorflow/python/keras/protobuf/saved_metadata.proto): each node's JSON is a text.
  package static func layers(_ file: SourceFile) throws(FileError) -> JSONValue {
    try FileError.limit(
      file.size, "the size in bytes of what describes the layers", most: largestSize,
      in: file.path.string)
    var reader = ProtobufReader(try ByteCursor(file))
    var layers: [JSONValue] = []
    while let field = try reader.next() {
      guard field.number == 1 else { continue }
      try FileError.limit(
        layers.count + 1, "the number of layers", most: maxLayers, in: field.path,
        offset: field.offset)
      try reader.message(field, "a layer") { (reader) throws(FileError) in
        while let field = try reader.next() {
          guard field.number == 5 else { continue }
          let text = try reader.bytes(field, "a layer's description")
          // A user's own layer may say anything.
          if let layer = try? JSONValue.parse(text, path: field.path) { layers.append(layer) }
        }
      }
    }
    return .array(layers)
  }
}
