extension FileError {
  /// Throws `limit` where `value`, which is `what`, exceeds `most`.
  package static func limit(
    _ value: Int, _ what: String, most: Int, in path: String, offset: Int? = nil,
    tensor: String? = nil, remedy: Remedy? = nil
  ) throws(FileError) {
    guard value > most else { return }
    throw FileError(
      path, .limit(of: what, value: value, most: most), offset: offset, tensor: tensor,
      remedy: remedy)
  }

  /// What `body` gives; an error that it throws is told to concern `tensor`, where one is named.
  package static func concerning<Result>(
    _ tensor: String?, _ body: () throws(FileError) -> Result
  ) throws(FileError) -> Result {
    do throws(FileError) {
      return try body()
    } catch {
      throw tensor.map(error.concerning) ?? error
    }
  }
}
