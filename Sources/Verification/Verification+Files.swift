package import AlbertBytes
internal import AlbertConversion
package import AlbertReading
package import SystemPackage

extension Verification {
  /// Holds the model at one path against the model at another, and against recorded outputs too
  /// where a file of them is named.
  ///
  /// Either model may be of any readable format; `inspection` goes to the side that needs it.
  ///
  /// Throws where a file cannot be used, and `cancelled` where an observer gives up.
  package static func verify(
    _ subject: FilePath, against reference: FilePath, golden: FilePath? = nil,
    _ options: Options = Options(), inspection: InspectionOptions = InspectionOptions(),
    observers: VerificationPhase.Observers = { _ in WorkObserver() }
  ) throws(FileError) -> VerificationResult {
    let (mine, theirs) = share(inspection, subject, reference)
    return try verify(
      try LoadedModel(subject, mine), against: try LoadedModel(reference, theirs),
      golden: try golden.map { (path) throws(FileError) in
        try GoldenFile(path, inspection.archive)
      }, options, observers: observers)
  }

  /// Which side a config or a prefix that the user named is for, and what the user stated of a head or
  /// a decoder: the one that does not say by itself what it is, be it both; the subject where both do.
  package static func share(
    _ options: InspectionOptions, _ subject: FilePath, _ reference: FilePath
  ) -> (subject: InspectionOptions, reference: InspectionOptions) {
    var (mine, theirs) = shareFiles(options, subject, reference)
    // A subject is what a base and its adapter became.
    mine.adapter = nil
    theirs.adapter = options.adapter
    // What a user states of a head or a decoder is for whichever side leaves it open, the subject where
    // neither does.
    func isOpen(_ path: FilePath, _ files: InspectionOptions, _ code: (Inspection) -> Bool) -> Bool
    {
      var files = files
      files.head = nil
      files.decoder = nil
      return (try? Inspection.open(path, files)).map(code) ?? false
    }
    if options.head != nil {
      let guesses = { (inspection: Inspection) in
        inspection.findings.contains { $0.code == Inspection.guessedHeadCode }
      }
      let isTheirs = isOpen(reference, theirs, guesses)
      theirs.head = isTheirs ? options.head : nil
      mine.head = !isTheirs || isOpen(subject, mine, guesses) ? options.head : nil
    }
    if options.decoder != nil {
      let holds = { (inspection: Inspection) in inspection.decoder?.differs == true }
      let isTheirs = isOpen(reference, theirs, holds)
      theirs.decoder = isTheirs ? options.decoder : nil
      mine.decoder = !isTheirs || isOpen(subject, mine, holds) ? options.decoder : nil
    }
    return (mine, theirs)
  }

  /// The sides of a config or a prefix.
  private static func shareFiles(
    _ options: InspectionOptions, _ subject: FilePath, _ reference: FilePath
  ) -> (subject: InspectionOptions, reference: InspectionOptions) {
    guard options.config != nil || options.stated != nil || options.prefix != nil else {
      return (options, options)
    }
    let own = InspectionOptions(
      archive: options.archive, head: options.head, decoder: options.decoder)
    func isKnown(_ path: FilePath) -> Bool { (try? Inspection.open(path, own))?.config != nil }
    if isKnown(reference) { return (options, own) }
    return (isKnown(subject) ? own : options, options)
  }

  /// Holds the model at a path against recorded outputs.
  ///
  /// Throws where a file cannot be used, and `cancelled` where an observer gives up.
  package static func verify(
    _ subject: FilePath, golden: FilePath, _ options: Options = Options(),
    inspection: InspectionOptions = InspectionOptions(),
    observers: VerificationPhase.Observers = { _ in WorkObserver() }
  ) throws(FileError) -> VerificationResult {
    try verify(
      try LoadedModel(subject, inspection),
      golden: try GoldenFile(golden, inspection.archive), options, observers: observers)
  }
}
