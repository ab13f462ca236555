package import AlbertBytes
package import SystemPackage

extension InspectionOptions {
  /// Which side a config or a prefix that the user named is for, and what the user stated of a head or
  /// a decoder: the one that does not say by itself what it is, be it both; the subject where both do.
  ///
  /// Throws where one cannot be read.
  package func shared(
    by subject: FilePath, and reference: FilePath
  ) throws(FileError) -> (subject: InspectionOptions, reference: InspectionOptions) {
    var (mine, theirs) = try sharedFiles(by: subject, and: reference)
    // A subject is what a base and its adapter became.
    mine.adapter = nil
    theirs.adapter = adapter
    func share<Value>(
      _ stated: WritableKeyPath<InspectionOptions, Value?>, _ leavesOpen: (Inspection) -> Bool
    ) throws(FileError) {
      guard let value = self[keyPath: stated] else { return }
      func isOpen(_ path: FilePath, _ options: InspectionOptions) throws(FileError) -> Bool {
        var options = options
        options.head = nil
        options.decoder = nil
        return try Inspection.ifKnown(path, options).map(leavesOpen) ?? false
      }
      let isTheirs = try isOpen(reference, theirs)
      theirs[keyPath: stated] = isTheirs ? value : nil
      let isMine = isTheirs ? try isOpen(subject, mine) : true
      mine[keyPath: stated] = isMine ? value : nil
    }
    try share(\.head) { $0.findings.contains { $0.code == Inspection.guessedHeadCode } }
    try share(\.decoder) { $0.decoder?.differs == true }
    return (mine, theirs)
  }

  /// The sides of a config or a prefix.
  private func sharedFiles(
    by subject: FilePath, and reference: FilePath
  ) throws(FileError) -> (subject: InspectionOptions, reference: InspectionOptions) {
    guard config != nil || stated != nil || prefix != nil else { return (self, self) }
    let own = InspectionOptions(archive: archive, head: head, decoder: decoder)
    func isKnown(_ path: FilePath) throws(FileError) -> Bool {
      try Inspection.ifKnown(path, own)?.config != nil
    }
    if try isKnown(reference) { return (self, own) }
    return (try isKnown(subject) ? own : self, self)
  }
}

extension Inspection {
  /// What a file says by itself; nil where it is no model that does.
  ///
  /// Throws where it cannot be read, or a file that the options name is not there.
  package static func ifKnown(
    _ path: FilePath, _ options: InspectionOptions
  ) throws(FileError) -> Inspection? {
    do throws(FileError) {
      return try open(path, options)
    } catch {
      if error.isOfReading { throw error }
      return nil
    }
  }
}
