internal import AlbertBytes
internal import Synchronization
internal import SystemPackage
internal import AlbertTensors

/// One file that `torch.save` wrote: its tensors, and where their storages lie.
final class TorchFile: Sendable {
  /// Where the bytes of a storage lie.
  enum Place: Sendable {
    /// In a range of the file, without a checksum.
    case range(Range<Int>)
    /// In a member of a zip file.
    case member(ZipMember)

    /// The bytes of the storage.
    var byteCount: Int {
      switch self {
      case .range(let range): range.count
      case .member(let member): member.size
      }
    }

    /// Whether the bytes must be inflated.
    var isDeflated: Bool {
      if case .member(let member) = self { member.method == .deflated } else { false }
    }

    /// Where the bytes begin in the file, by which tensors are put in order.
    var start: Int {
      switch self {
      case .range(let range): range.lowerBound
      case .member(let member): member.range.lowerBound
      }
    }
  }

  /// A tensor under its name.
  struct Entry: Sendable {
    let name: String
    let tensor: TorchTensor

    var description: TensorDescription {
      switch tensor {
      case .view(let view):
        TensorDescription(name: name, type: view.element.type, shape: view.shape)
      case .quantized(let view, let quantization):
        TensorDescription(name: name, type: quantization.type, shape: view.shape)
      case .unreadable(let shape, _): TensorDescription(name: name, type: .opaque, shape: shape)
      }
    }
  }

  let file: SourceFile
  let zip: ZipFile?
  /// The zip file of which `file` is a member, where it is one.
  let outer: ZipFile?
  /// Whether numbers lie in the file with their highest byte first.
  let isBigEndian: Bool
  /// All tensors in the order of their data.
  let entries: [Entry]
  /// The names of functions and classes that the pickle wanted beyond tensors.
  let extras: [String]
  /// Whether it is a TorchScript archive.
  let isTorchScript: Bool
  let storages: [String: Place]
  /// The config that the pickle carries, as JSON.
  let config: String?
  let state = Mutex(State())

  /// What reading has found out so far.
  struct State: Sendable {
    /// Members whose checksum was right.
    var verified: Set<String> = []
    /// The last deflated storage that had to be in memory as a whole.
    var inflated: (name: String, bytes: [UInt8])?
  }

  /// How many times the bytes of all storages the tensors together may hold: tied tensors and
  /// expanded views make more of them than there are, a hostile file makes as many as it likes.
  private static let maxReuse = 16
  private static let smallestTotal = 1 << 26
  /// The most bytes that are inflated for views of parts of deflated storages, all read in the worst
  /// order.
  private static let maxInflated = 1 << 36

  init(_ contents: TorchContents) throws(FileError) {
    file = contents.file
    zip = contents.zip
    isBigEndian = contents.isBigEndian
    storages = contents.storages
    extras = contents.extras
    isTorchScript = contents.isTorchScript
    outer = contents.outer
    config = contents.config
    let path = file.path.string

    var entries: [(entry: Entry, order: Int)] = []
    var names: Set<String> = []
    var total = 0
    var inflated = 0
    for (name, tensor) in contents.tensors {
      guard names.insert(name).inserted else {
        throw FileError(path, .malformed("two tensors have this name"), tensor: name)
      }
      var order = Int.max
      let description = Entry(name: name, tensor: tensor).description
      if let view = tensor.view {
        guard let place = contents.storages[view.storage] else {
          throw FileError(path, .missing("the data of storage '\(view.storage)'"), tensor: name)
        }
        order = place.start.adding(view.span.lowerBound) ?? .max
        total = total.adding(description.byteCount) ?? .max
        if place.isDeflated, !view.isContiguous || view.span.count != place.byteCount {
          inflated = inflated.adding(place.byteCount) ?? .max
        }
      }
      entries.append((Entry(name: name, tensor: tensor), order))
    }
    // Tensors of one place keep the pickle's order.
    let sorted = entries.enumerated().sorted {
      ($0.element.order, $0.offset) < ($1.element.order, $1.offset)
    }
    self.entries = sorted.map(\.element.entry)

    let stored = contents.storages.values.reduce(0) { $0.adding($1.byteCount) ?? .max }
    let most = max(Self.smallestTotal, stored.multiplied(by: Self.maxReuse) ?? .max)
    guard total <= most, inflated <= Self.maxInflated else {
      let (value, most) = total > most ? (total, most) : (inflated, Self.maxInflated)
      throw FileError(
        path, .limit(of: "the bytes of all tensors together", value: value, most: most))
    }
  }
}

/// What the two kinds of files come to.
struct TorchContents {
  let file: SourceFile
  let zip: ZipFile?
  /// The zip file of which `file` is a member, where it is one.
  var outer: ZipFile?
  let isBigEndian: Bool
  let tensors: [(name: String, leaf: TorchTensor)]
  let extras: [String]
  let isTorchScript: Bool
  let storages: [String: TorchFile.Place]
  /// The config that the pickle carries, as JSON.
  let config: String?

  /// What a pickle describes.
  init(
    file: SourceFile, zip: ZipFile?, isBigEndian: Bool, pickle: TorchPickle,
    storages: [String: TorchFile.Place]
  ) throws(FileError) {
    self.file = file
    self.zip = zip
    self.isBigEndian = isBigEndian
    tensors = try pickle.namedTensors()
    if tensors.isEmpty, pickle.holdsArrays {
      throw FileError(
        file.path.string,
        .rejected(
          code: "numpy-arrays", message: "the pickle holds no tensor, only arrays of NumPy's"),
        remedy: "load it with torch.load(weights_only=False), if you trust it, and save the "
          + "dictionary of its arrays with numpy.savez('weights.npz', **arrays)")
    }
    if tensors.isEmpty, !storages.isEmpty, pickle.holdsBytes {
      throw FileError(
        file.path.string,
        .rejected(
          code: "names-are-bytes",
          message: "the pickle names none of its tensors by text, but by bytes"),
        remedy: "save it again in PyTorch: torch.save({k.decode(): v for k, v in w.items()}, "
          + "'weights.pt'), where w is what torch.load gives")
    }
    if pickle.packsMatrices {
      throw FileError(
        file.path.string,
        .rejected(
          code: "quantized-torchscript",
          message:
            "this TorchScript is of a model that PyTorch quantised, whose matrices it keeps packed"),
        remedy: "name the model that was quantised, or the state_dict of the quantised one")
    }
    extras = pickle.extras
    isTorchScript = pickle.isTorchScript
    config = PickledConfig.text(in: pickle.tree)
    self.storages = storages
  }

  /// Tensors that lie in members of their own.
  init(
    _ zip: ZipFile, isBigEndian: Bool, tensors: [(name: String, leaf: TorchTensor)],
    storages: [String: TorchFile.Place]
  ) {
    file = zip.file
    self.zip = zip
    self.isBigEndian = isBigEndian
    self.tensors = tensors
    extras = []
    isTorchScript = false
    config = nil
    self.storages = storages
  }

  /// Reads the headers of a file of either kind, and refuses those of very old versions.
  static func read(_ file: SourceFile) throws(FileError) -> TorchContents {
    let head = try file.head(TorchMagic.headSize)
    switch TorchMagic(head) {
    case .zip: return try zip(file)
    case .legacy: return try legacy(file)
    case .tar:
      throw FileError(
        file.path.string, .unsupported("the tar format of PyTorch before version 0.2"),
        remedy: "load it with PyTorch 1 or older and save it again")
    case .pickle:
      throw FileError(
        file.path.string, .unsupported("a Python pickle that PyTorch did not write"),
        remedy: "load it in Python and save its tensors with torch.save or safetensors")
    case nil: throw UnusableContent.error(file, head: head)
    }
  }
}
