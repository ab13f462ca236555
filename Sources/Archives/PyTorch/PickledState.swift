internal import AlbertBytes
internal import AlbertTensors

/// The pickle of a state dictionary: an ordered dictionary from names to tensors, each a view of a
/// whole storage that the file holds under a number.
struct PickledState {
  /// The pickle.
  let bytes: [UInt8]

  /// Pickles tensors, whose storages are numbered in their order, and further names of some of them.
  init(
    _ tensors: [TensorDescription], aliases: [(name: String, tensor: String)], path: String
  ) throws(FileError) {
    try tensors.checkWritable(as: "PyTorch", path: path) {
      TorchElement.storageClass(of: $0) != nil
    }
    let numbers = Dictionary(
      uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
    var names = Set(tensors.map(\.name))
    var writer = PickleWriter()
    writer.global("collections", "OrderedDict")
    writer.add(.emptyTuple)
    writer.add(.reduce)
    writer.add(.mark)
    for (number, tensor) in tensors.enumerated() {
      writer.text(tensor.name)
      Self.tensor(tensor, in: number, to: &writer)
    }
    for alias in aliases {
      guard let number = numbers[alias.tensor], names.insert(alias.name).inserted else {
        throw FileError(
          path, .inexpressible("'\(alias.tensor)' is no tensor, or its further name is another's"),
          tensor: alias.name, remedy: "give each tensor a name of its own")
      }
      writer.text(alias.name)
      Self.tensor(tensors[number], in: number, to: &writer)
    }
    writer.add(.setItems)
    writer.add(.stop)
    bytes = writer.bytes
  }

  /// `_rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())`, where the storage is
  /// the persistent id `('storage', class, key, 'cpu', elements)`.
  private static func tensor(
    _ tensor: TensorDescription, in storage: Int, to writer: inout PickleWriter
  ) {
    writer.global("torch._utils", "_rebuild_tensor_v2")
    writer.add(.mark)
    writer.add(.mark)
    writer.word("storage")
    writer.global("torch", (TorchElement.storageClass(of: tensor.type) ?? "Byte") + "Storage")
    writer.text("\(storage)")
    writer.word("cpu")
    writer.integer(tensor.shape.count)
    writer.add(.tuple)
    writer.add(.binPersID)
    writer.integer(0)
    writer.tuple(tensor.shape.dimensions)
    writer.tuple(strides(of: tensor.shape))
    writer.add(.newFalse)
    writer.global("collections", "OrderedDict")
    writer.add(.emptyTuple)
    writer.add(.reduce)
    writer.add(.tuple)
    writer.add(.reduce)
  }

  /// Row-major strides, as PyTorch states them: an axis of no extent counts as one.
  private static func strides(of shape: Shape) -> [Int] {
    var strides: [Int] = []
    var step = 1
    for extent in shape.dimensions.reversed() {
      strides.append(step)
      // Shapes keep this product within 2^56, axes without extent counted as one.
      step *= max(1, extent)
    }
    return strides.reversed()
  }
}
