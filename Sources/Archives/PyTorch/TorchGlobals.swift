/// The functions and classes that a pickle of tensors mentions.
///
/// None of them is ever called. The ones that say what a tensor is are read as that statement; the
/// others here are known to say nothing of weights; any name that is not here is told to the user.
enum TorchGlobals {
  /// How a function describes a tensor, by the place of what is needed among its arguments.
  enum Rebuild {
    /// (storage, offset, size, strides, …); a dictionary at `metadata` tells lazy views apart.
    case strided(metadata: Int?)
    /// The same for a storage without a type of its own, whose type comes later.
    case untyped(dtype: Int, metadata: Int)
    /// A tensor at the first place, with more facts around it.
    case wrapped
    /// (function, class, arguments, state): a tensor with attributes of its own.
    case subclass
    /// (storage, offset, size, strides, (scheme, …), …): integers with what turns them into numbers.
    case quantized
    /// A kind of tensor whose content cannot be read, with the place of its shape or of a tuple that has it.
    case unreadable(shape: Int?, reason: String)
  }

  /// The functions that make tensors.
  static func rebuild(_ name: String) -> Rebuild? { rebuilds[name] }

  private static let rebuilds: [String: Rebuild] = {
    var table: [String: Rebuild] = [
      "torch._tensor._rebuild_from_type": .subclass,
      "torch._tensor._rebuild_from_type_v2": .subclass,
      "torch.tensor._rebuild_from_type": .subclass,
    ]
    let utilities: [(String, Rebuild)] = [
      ("_rebuild_tensor", .strided(metadata: nil)),
      ("_rebuild_tensor_v2", .strided(metadata: 6)),
      ("_rebuild_tensor_v3", .untyped(dtype: 6, metadata: 7)),
      ("_rebuild_parameter", .wrapped),
      ("_rebuild_parameter_with_state", .wrapped),
      ("_rebuild_device_tensor_from_cpu_tensor", .wrapped),
      ("_rebuild_qtensor", .quantized),
      ("_rebuild_sparse_tensor", .unreadable(shape: 1, reason: "sparse")),
      ("_rebuild_sparse_csr_tensor", .unreadable(shape: 1, reason: "sparse")),
      ("_rebuild_nested_tensor", .unreadable(shape: nil, reason: "nested")),
      ("_rebuild_meta_tensor_no_storage", .unreadable(shape: 1, reason: "without data (meta)")),
      ("_rebuild_wrapper_subclass", .unreadable(shape: 2, reason: "without data of its own")),
      (
        "_rebuild_device_tensor_from_numpy",
        .unreadable(shape: nil, reason: "held as a NumPy array for another device")
      ),
    ]
    for (name, rebuild) in utilities { table["torch._utils.\(name)"] = rebuild }
    return table
  }()

  /// Whether `name` is a class of TorchScript's, whose code lies beside the pickle and is not Python.
  static func isTorchScript(_ name: String) -> Bool { name.hasPrefix("__torch__.") }

  /// Whether a pickle may mention `name` without the user being told.
  static func isOrdinary(_ name: String) -> Bool {
    isTorchScript(name) || rebuilds[name] != nil || others.contains(name)
      || TorchElement(storageClass: name) != nil
      || TorchElement(dtype: name) != nil
  }

  private static let others: Set<String> = {
    var names: Set<String> = [
      "collections.OrderedDict", "collections.defaultdict", "collections.Counter", "torch.Size",
      "torch.device", "torch.serialization._get_layout", "torch.strided", "torch.Tensor",
      "torch._tensor.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer",
      "_codecs.encode", "numpy.dtype", "numpy.ndarray",
    ]
    for module in ["builtins", "__builtin__"] {
      for name in [
        "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list",
        "long",
        "object", "range", "set", "slice", "str", "tuple", "unicode", "xrange",
      ] { names.insert("\(module).\(name)") }
    }
    for module in ["numpy.core.multiarray", "numpy._core.multiarray"] {
      for name in ["scalar", "_reconstruct"] { names.insert("\(module).\(name)") }
    }
    for scheme in ["per_tensor_affine", "per_channel_affine", "per_channel_affine_float_qparams"] {
      names.insert("torch.\(scheme)")
    }
    for word in ["Float16", "Float32", "Float64", "Int8", "Int16", "Int32", "Int64", "Bool"] {
      names.insert("numpy.dtypes.\(word)DType")
    }
    return names
  }()
}
