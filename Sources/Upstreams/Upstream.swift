public import Albert

/// A publisher of ALBERT weights: how its files name, lay out and sometimes omit parameters.
///
/// An upstream knows names and shapes, never a container. The registry lists the types.
public protocol Upstream: SendableMetatype {
  /// The word for the publisher in reports and JSON, such as `google-tf1`.
  static var name: String { get }

  /// The publisher in a sentence, such as `Google's TensorFlow 1 code`.
  static var title: String { get }

  /// Its name tables, one per form in which it writes files, the most telling first.
  static var tables: [NameTable] { get }

  /// The only prefix with which its files occur; nil where any may.
  static var requiredPrefix: String? { get }

  /// Whether it makes no projection where the embedding and hidden sizes are equal.
  static var omitsSquareProjection: Bool { get }

  /// The head that a bare `classifier` is in its files where no config tells.
  static var classifierHead: TaskHead? { get }

  /// The group of each layer in its code.
  static func layerMap(layers: Int, groups: Int) -> LayerMap
}

extension Upstream {
  /// Any prefix.
  public static var requiredPrefix: String? { nil }

  /// A projection is always there.
  public static var omitsSquareProjection: Bool { false }

  /// Not known.
  public static var classifierHead: TaskHead? { nil }

  /// Hugging Face's rule, which most follow.
  public static func layerMap(layers: Int, groups: Int) -> LayerMap {
    .huggingFace(layers: layers, groups: groups)
  }
}
