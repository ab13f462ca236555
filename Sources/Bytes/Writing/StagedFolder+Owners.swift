internal import SystemPackage

/// Whose the files are and who may read them: as those that they take the place of.
extension StagedFolder {
  /// Lets the files in a folder of the new one have the owner and mode of their namesakes.
  func keepOwnersAndModes(in place: FilePath = "") {
    for name in (try? Folder.entries(in: path.pushing(place))) ?? [] {
      let inner = place.appending(name)
      if path.pushing(inner).ownStatus?.type == .directory {
        keepOwnersAndModes(in: inner)
      } else {
        keepOwnerAndMode(of: target.pushing(inner), on: path.pushing(inner))
      }
    }
  }

  /// Lets files that come to lie beside each other have those of their namesakes, or else the output's: data
  /// are as private as the model that takes them.
  func keepOwnersAndModes(of names: [String]) {
    for name in names {
      let file = path.appending(name)
      if !keepOwnerAndMode(of: folder(of: target).appending(name), on: file) {
        keepOwnerAndMode(of: target, on: file)
      }
    }
  }

  /// Lets a file of the folder have the owner and mode of another one; false where that is no file.
  @discardableResult
  private func keepOwnerAndMode(of old: FilePath, on file: FilePath) -> Bool {
    let options: FileDescriptor.OpenOptions = [.noFollow, .nonBlocking, .closeOnExec]
    guard let open = try? FileDescriptor.open(file, .readOnly, options: options) else {
      return false
    }
    return calls.keepOwnerAndMode(of: old, on: Descriptor(owning: open))
  }
}
