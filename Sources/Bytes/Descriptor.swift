internal import SystemPackage

/// An open file descriptor with one owner, closed when the owner goes.
struct Descriptor: ~Copyable, Sendable {
  let file: FileDescriptor

  init(owning file: FileDescriptor) {
    self.file = file
  }

  deinit {
    // Nothing can be done about a failed close; writers fsync before, readers lose nothing.
    try? file.close()
  }
}
