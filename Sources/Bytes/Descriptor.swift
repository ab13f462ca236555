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

/// A descriptor that several readers of one file share.
final class SharedDescriptor: Sendable {
  let owner: Descriptor

  var file: FileDescriptor { owner.file }

  init(owning file: FileDescriptor) {
    owner = Descriptor(owning: file)
  }

  init(_ owner: consuming Descriptor) {
    self.owner = owner
  }
}
