internal import AlbertBytes
internal import AlbertTensors

/// What a TensorFlow Lite file states (schema.fbs, version 3), its data still in the file.
struct TFLiteModel {
  /// A value of the graph, stored or not.
  struct Value {
    var name = ""
    /// The code of the element type.
    var code = 0
    /// The shape as the converter knew it.
    var shape: [Int] = []
    /// The same with -1 for an extent that may differ; empty where none may.
    var signature: [Int] = []
    /// The place of the data among the buffers.
    var buffer = 0
    /// Scales of integers; empty of what is not quantised.
    var scales: [Float] = []
    var zeroPoints: [Int64] = []
    /// The axis along which there is a scale for each place.
    var axis = 0
    var isSparse = false
  }

  /// One operator.
  struct Node {
    /// The operator's name in schema.fbs, or its own where it is not built in.
    var name = ""
    var isCustom = false
    /// The places of the values taken, -1 where one is left out.
    var inputs: [Int] = []
    var outputs: [Int] = []
    var options = TFLiteOptions()
  }

  var values: [Value] = []
  var nodes: [Node] = []
  var inputs: [Int] = []
  var outputs: [Int] = []
  /// Where the data of each buffer lie.
  var buffers: [Range<Int>] = []
  /// Names that callers use, by the place of the value.
  var names: [Int: String] = [:]
  var version = 0
}

/// Settings of an operator: numbers by the place of their field, as they stand.
struct TFLiteOptions {
  /// The first eight bytes of each field that is there.
  var fields: [Int: UInt64] = [:]
  /// The list of integers that two operators have as their first field.
  var list: [Int]?

  /// Whether a setting is given; what is left out has its own default.
  func isSet(_ id: Int) -> Bool { fields[id] != nil }
  /// A truth value; false where it is left out.
  func flag(_ id: Int) -> Bool { (fields[id] ?? 0) & 0xFF != 0 }
  /// A number of one byte.
  func small(_ id: Int) -> Int { Int(Int8(truncatingIfNeeded: fields[id] ?? 0)) }
  /// A number of four bytes.
  func integer(_ id: Int) -> Int { Int(Int32(truncatingIfNeeded: fields[id] ?? 0)) }
  /// A Float32.
  func float(_ id: Int, else value: Float) -> Float {
    fields[id].map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) } ?? value
  }
}
