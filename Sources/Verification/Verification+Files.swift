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
    let (mine, theirs) = try share(inspection, subject, reference)
    return try verify(
      try LoadedModel(subject, mine), against: try LoadedModel(reference, theirs),
      golden: try golden.map { (path) throws(FileError) in
        try GoldenFile(path, inspection.archive)
      }, options, observers: observers)
  }

  /// Which side a config or a prefix that the user named is for, and what the user stated of a head or
  /// a decoder: the one that does not say by itself what it is, be it both; the subject where both do.
  ///
  /// Throws where one cannot be read.
  package static func share(
    _ options: InspectionOptions, _ subject: FilePath, _ reference: FilePath
  ) throws(FileError) -> (subject: InspectionOptions, reference: InspectionOptions) {
    var (mine, theirs) = try shareFiles(options, subject, reference)
    // A subject is what a base and its adapter became.
    mine.adapter = nil
    theirs.adapter = options.adapter
    // What a user states of a head or a decoder is for whichever side leaves it open, the subject where
    // neither does.
    func isOpen(
      _ path: FilePath, _ files: InspectionOptions, _ code: (Inspection) -> Bool
    ) throws(FileError) -> Bool {
      var files = files
      files.head = nil
      files.decoder = nil
      guard let inspection = try known(path, files) else { return false }
      return code(inspection)
    }
    if options.head != nil {
      let guesses = { (inspection: Inspection) in
        inspection.findings.contains { $0.code == Inspection.guessedHeadCode }
      }
      let isTheirs = try isOpen(reference, theirs, guesses)
      theirs.head = isTheirs ? options.head : nil
      let isMine = isTheirs ? try isOpen(subject, mine, guesses) : true
      mine.head = isMine ? options.head : nil
    }
    if options.decoder != nil {
      let holds = { (inspection: Inspection) in inspection.decoder?.differs == true }
      let isTheirs = try isOpen(reference, theirs, holds)
      theirs.decoder = isTheirs ? options.decoder : nil
      let isMine = isTheirs ? try isOpen(subject, mine, holds) : true
      mine.decoder = isMine ? options.decoder : nil
    }
    return (mine, theirs)
  }

  /// The sides of a config or a prefix.
  private static func shareFiles(
    _ options: InspectionOptions, _ subject: FilePath, _ reference: FilePath
  ) throws(FileError) -> (subject: InspectionOptions, reference: InspectionOptions) {
    guard options.config != nil || options.stated != nil || options.prefix != nil else {
      return (options, options)
    }
    let own = InspectionOptions(
      archive: options.archive, head: options.head, decoder: options.decoder)
    func isKnown(_ path: FilePath) throws(FileError) -> Bool {
      try known(path, own)?.config != nil
    }
    if try isKnown(reference) { return (options, own) }
    return (try isKnown(subject) ? own : options, options)
  }

  /// What a file says by itself; nil where it is no model that does.
  static func known(
    _ path: FilePath, _ options: InspectionOptions
  ) throws(FileError) -> Inspection? {
    do throws(FileError) {
      return try Inspection.open(path, options)
    } catch {
      if error.isOfReading { throw error }
      return nil
    }
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
