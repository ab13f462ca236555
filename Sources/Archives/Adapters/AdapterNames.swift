internal import AlbertTensors

/// What a tensor is by peft's naming: a module's own, or something that an adapter put into its place.
enum AdapterPart: Equatable {
  /// Of no adapter.
  case plain(String)
  /// A matrix that LoRA multiplies, `lora_A`, `lora_B` and so on, with what comes behind: `weight`, `bias`.
  case factor(module: String, Factor, isBias: Bool)
  /// What the module was before.
  case base(module: String, String)
  /// What is saved instead of a module's own.
  case saved(module: String, String)
  /// What a module was before something else was saved for it.
  case original(module: String, String)
  /// Of a method that is not merged here.
  case foreign(String)

  /// The matrices of LoRA.
  enum Factor: String {
    case a = "lora_A"
    case b = "lora_B"
    case embeddingA = "lora_embedding_A"
    case embeddingB = "lora_embedding_B"
    case magnitude = "lora_magnitude_vector"
  }

  /// The beginning that peft gives to all names.
  static let prefix = "base_model.model."

  /// Methods by a beginning of a component that only they have.
  private static let methods: [(start: String, title: String)] = [
    ("ia3_", "IA3"), ("hada_", "LoHa"), ("lokr_", "LoKr"), ("oft_", "OFT"), ("boft_", "BOFT"),
    ("vera_", "VeRA"), ("lora_E", "AdaLoRA"), ("lora_ranknum", "AdaLoRA"), ("vblora_", "VB-LoRA"),
    ("fourierft_", "FourierFT"), ("randlora_", "RandLoRA"), ("hra_", "HRA"), ("bone_", "Bone"),
    ("miss_", "MiSS"), ("shira_", "SHiRA"), ("c3a_", "C3A"), ("ln_tuning", "LN tuning"),
    ("trainable_tokens_", "trainable tokens"), ("road_theta", "RoAd"), ("road_alpha", "RoAd"),
    ("waveft_", "WaveFT"), ("beft_", "BEFT"), ("deft_", "DEFT"), ("delora_", "DeLoRA"),
    ("frod_", "FRoD"), ("glora_", "GLoRA"), ("gralora_", "GraLoRA"), ("hira_", "HiRA"),
    ("lily_", "Lily"), ("osf_", "OSF"), ("peanut_", "PEANuT"), ("poly_", "Poly"),
    ("psoft_", "PSOFT"), ("pvera_", "PVeRA"), ("supertuning_", "supertuning"),
    ("tinylora_", "TinyLoRA"), ("unilora_", "Uni-LoRA"), ("prompt_e", prompts),
  ]

  /// The methods that add to the input instead of the weights, so that nothing can merge them.
  static let prompts = "prompt tuning"

  /// What `name` is, and the adapter that it belongs to, where the name says it.
  static func parse(_ name: String) -> (part: AdapterPart, adapter: String?) {
    let components = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    for (index, component) in components.enumerated() {
      let module = components[..<index].joined(separator: ".")
      var rest = components[(index + 1)...]
      /// The adapter's name, which comes before what is called `last`.
      func adapter(before last: [String]) -> String? {
        guard let first = rest.first, rest.count > last.count || last.isEmpty else { return nil }
        rest.removeFirst()
        return first
      }
      if let factor = Factor(rawValue: component) {
        let isBias = rest.last == "bias"
        let last = rest.last == "weight" || isBias ? [rest.last ?? ""] : []
        let adapter = rest.isEmpty ? nil : adapter(before: last)
        return (.factor(module: module, factor, isBias: isBias), adapter)
      }
      switch component {
      case "base_layer": return (.base(module: module, rest.joined(separator: ".")), nil)
      case "original_module":
        return (.original(module: module, rest.joined(separator: ".")), nil)
      case "modules_to_save":
        let adapter = adapter(before: [""])
        return (.saved(module: module, rest.joined(separator: ".")), adapter)
      default:
        if let method = methods.first(where: { component.hasPrefix($0.start) }) {
          return (.foreign(method.title), nil)
        }
      }
    }
    return (.plain(name), nil)
  }
}
