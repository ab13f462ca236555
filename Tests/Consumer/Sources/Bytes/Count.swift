/// A type of the user's own in a module whose name is a folder of AlbertKit's too.
public struct Count {
  /// A number of the user's own.
  public let bytes: Int

  /// Makes one.
  public init(_ bytes: Int) { self.bytes = bytes }
}
