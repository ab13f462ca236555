extension FileError {
  /// Whether something could not be read just now, so that the error says nothing of what it holds, and nothing
  /// may be concluded from it.
  package var isOfReading: Bool {
    switch problem {
    case .notFound, .system, .changed, .cancelled: true
    default: false
    }
  }
}
