internal import AlbertBytes
internal import AlbertTensors

/// The merge of a LoRA adapter into the model that lies in the same archive.
struct AdapterMerge {
  /// What an adapter has for one module.
  private struct Module {
    var factors: [AdapterPart.Factor: TensorDescription] = [:]
    var bias: TensorDescription?
    /// What the module was before, by what it is called in it.
    var base: [String: TensorDescription] = [:]
    /// What is saved instead of it.
    var saved: [String: TensorDescription] = [:]
    var adapters: Set<String> = []
  }

  private let archive: any TensorArchive
  private let config: AdapterConfig
  private var modules: [String: Module] = [:]
  private var order: [String] = []
  /// The model's own tensors by name.
  private var plain: [String: TensorDescription] = [:]
  /// What the adapter has for whole tensors.
  private var replacing: [String: TensorDescription] = [:]
  private var dropped: Set<String> = []
  /// Whether model and adapter were apart.
  private let isJoined: Bool

  init(
    _ archive: any TensorArchive, _ config: AdapterConfig, isJoined: Bool
  ) {
    self.archive = archive
    self.config = config
    self.isJoined = isJoined
    for tensor in archive.tensors { sort(tensor) }
  }

  private mutating func sort(_ tensor: TensorDescription) {
    var name = tensor.name
    let isAdapters = name.hasPrefix(JoinedArchive.prefix)
    if isAdapters { name = String(name.dropFirst(JoinedArchive.prefix.count)) }
    if name.hasPrefix(AdapterPart.prefix) {
      name = String(name.dropFirst(AdapterPart.prefix.count))
    }
    let (part, adapter) = AdapterPart.parse(name)
    func change(_ module: String, _ body: (inout Module) -> Void) {
      if modules[module] == nil { order.append(module) }
      body(&modules[module, default: Module()])
      if let adapter { modules[module]?.adapters.insert(adapter) }
    }
    switch part {
    case .plain(let name):
      if isAdapters { replacing[name] = tensor } else { plain[name] = tensor }
    case .factor(let module, let factor, let isBias):
      change(module) { if isBias { $0.bias = tensor } else { $0.factors[factor] = tensor } }
    case .base(let module, let name): change(module) { $0.base[name] = tensor }
    case .saved(let module, let name): change(module) { $0.saved[name] = tensor }
    case .original: dropped.insert(tensor.name)
    case .foreign: break
    }
  }

  /// The archive with everything merged, under the names that the model has without an adapter.
  func run() throws(FileError) -> any TensorArchive {
    let adapters = modules.values.reduce(into: Set()) { $0.formUnion($1.adapters) }
    guard adapters.count < 2 else {
      throw FileError(
        archive.path, .ambiguous(of: "adapter in this model", candidates: adapters.sorted()),
        remedy: "merge the one that is meant with peft, and save the model that comes out")
    }
    let names = try placement()
    let plain = Dictionary(
      firstOfEach: plain.map { (names.base($0.key), $0.value) })
    var derived: [any DerivedTensor] = []
    var dropped = dropped
    /// Puts a tensor into a place, and into those that are the same storage.
    func place(_ name: String, _ make: (_ name: String, _ old: String?) -> any DerivedTensor) {
      let old = plain[name]
      derived.append(make(name, old?.name))
      guard let old, let identity = archive.storageIdentities[old.name] else { return }
      for (other, tensor) in plain.sorted(by: { $0.key < $1.key })
      where other != name && archive.storageIdentities[tensor.name] == identity {
        derived.append(make(other, tensor.name))
      }
    }
    func replace(_ name: String, with tensor: TensorDescription) {
      place(name) { name, old in
        var renamed = RenamedTensor(tensor, as: name)
        if let old, old != tensor.name { renamed.parts.append(old) }
        return renamed
      }
    }
    var merged = 0
    for module in order {
      guard let held = modules[module] else { continue }
      let placed = names(module)
      // An adapter with all biases has one of these twice; peft loads the one under the plain name.
      for (name, tensor) in held.saved where replacing["\(module).\(name)"] == nil {
        replace("\(placed).\(name)", with: tensor)
      }
      var rest = held.base
      if let factors = try Self.factors(held.factors, module, archive.path) {
        guard let base = held.base["weight"] ?? plain["\(placed).weight"] else {
          throw baseless(placed)
        }
        rest["weight"] = nil
        let scale = try config.scale(
          of: module, rank: factors.a.shape.dimensions.first ?? 0, path: archive.path)
        let matrix = try Self.matrix(
          base, factors, magnitude: held.factors[.magnitude], scale: scale, isJoined: isJoined,
          path: archive.path)
        merged += 1
        place("\(placed).weight") { name, old in matrix.placed(at: name, old) }
        if let added = held.bias {
          let bias = held.base["bias"] ?? plain["\(placed).bias"]
          derived.append(try Self.bias(bias, added, scale, placed, archive.path))
          rest["bias"] = nil
        }
      }
      for (name, tensor) in rest { replace("\(placed).\(name)", with: tensor) }
    }
    for (name, tensor) in replacing { replace(names(name), with: tensor) }
    let taken = Set(derived.flatMap(\.parts)).union(derived.map(\.tensor.name))
    // Names that only peft's beginning tells from the model's own.
    for (name, tensor) in plain where !taken.contains(tensor.name) && tensor.name != name {
      derived.append(RenamedTensor(tensor, as: name))
    }
    dropped.formUnion(
      archive.tensors.map(\.name).filter {
        $0.hasPrefix(JoinedArchive.prefix) && !taken.contains($0)
      })
    return try DerivedArchive(
      archive, derived, dropping: dropped, notes: notes(merged, adapters.first))
  }

  private func notes(_ merged: Int, _ adapter: String?) -> [ArchiveNote] {
    let saved = modules.values.reduce(0) { $0 + $1.saved.count } + replacing.count
    let name = adapter.map { " '\($0)'" } ?? ""
    var notes = [
      ArchiveNote(
        .note, code: "adapter-merged",
        message:
          "the LoRA adapter\(name) was merged into \(merged) \(merged == 1 ? "matrix" : "matrices"), W + scale × (B A) in "
          + "Float32 as peft computes it; \(saved) tensors are the adapter's own"
          + (hasLengths ? "; the lengths of its rows (DoRA) were summed in Float64" : ""))
    ]
    for (module, held) in modules where !held.saved.isEmpty && module.hasSuffix("word_embeddings") {
      notes.append(tiedNote("\(module).weight"))
    }
    for name in replacing.keys where name.hasSuffix("word_embeddings.weight") {
      notes.append(tiedNote(name))
    }
    if config.file == nil, merged > 0 {
      notes.add(
        .warning, code: "adapter-scale",
        message:
          "nothing says the adapter's lora_alpha: 8 was taken, peft's default",
        remedy: "state it with \(.adapter("FILE.json")), such as "
          + #"{"peft_type": "LORA", "lora_alpha": 16}"#)
    }
    return notes
  }

  private func tiedNote(_ name: String) -> ArchiveNote {
    ArchiveNote(
      .warning, code: "adapter-ties",
      message:
        "the adapter has word embeddings of its own, which a decoder that is tied to them takes "
        + "too; peft leaves such a decoder with the base model's", tensor: name)
  }

  private var hasLengths: Bool { modules.values.contains { $0.factors[.magnitude] != nil } }

  // MARK: Names

  /// How an adapter's names and a model's become one model's.
  private struct Placement {
    /// What the adapter's names lack before them.
    var adapter = ""
    /// What the model's names lack before them.
    var model = ""

    func callAsFunction(_ name: String) -> String { adapter + name }
    func base(_ name: String) -> String { model + name }
  }

  /// Finds the beginning that one side's names lack: an adapter of a bare model beside a model with a
  /// head, or the other way round.
  private func placement() throws(FileError) -> Placement {
    guard isJoined else { return Placement() }
    let wanted = order.filter { modules[$0]?.factors.isEmpty == false }
    guard let first = wanted.first else { return Placement() }
    let target = first + ".weight"
    if plain[target] != nil { return Placement() }
    let longer = plain.keys.filter { $0.hasSuffix("." + target) }
    if longer.count == 1, let name = longer.first {
      return Placement(adapter: String(name.dropLast(target.count)))
    }
    if let dot = target.firstIndex(of: "."), case let start = target[...dot],
      plain[String(target.dropFirst(start.count))] != nil
    {
      return Placement(model: String(start))
    }
    throw baseless(first)
  }

  private func baseless(_ module: String) -> FileError {
    FileError(
      archive.path,
      .rejected(
        code: "adapter-base",
        message: "the adapter changes '\(module).weight', and the model has no such tensor"
          + (config.base.map { "; the adapter was made for '\($0)'" } ?? "")),
      remedy: "name the model that it was made for; one of another publisher gets these names with "
        + "\(.conversion("MODEL"))")
  }
}
