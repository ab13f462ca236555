package import AlbertBytes
package import AlbertConversion
package import AlbertReading
package import SystemPackage

/// What is held against what, opened.
package struct VerificationSides: Sendable {
  /// A subject and what it should be; a graph in which no ALBERT is recognised stands in a model's place
  /// where outputs alone are to be compared.
  package enum Pair: Sendable {
    /// A model, against another where there is one.
    case models(LoadedModel, LoadedModel?)
    /// A graph, against a model where there is one.
    case graph(OtherGraph, LoadedModel?)
    /// A graph against another, whatever the subject's weights are: of the other one nobody knows.
    case graphs(OtherGraph, OtherGraph)
  }

  /// The path of the subject as it was named.
  let path: FilePath
  /// Subject and reference.
  package let pair: Pair
  /// Recorded outputs to hold the subject against too.
  package let golden: GoldenFile?

  /// Opens the sides; `inspection` goes to the model that needs it, and `loading` tells of each.
  ///
  /// Throws where one of them cannot be used.
  package init(
    _ subject: FilePath, against reference: FilePath?, golden: FilePath?,
    _ inspection: InspectionOptions, loading: WorkObserver
  ) throws(FileError) {
    path = subject
    func load(_ path: FilePath, _ options: InspectionOptions) throws(FileError) -> LoadedModel {
      try LoadedModel(
        path, options, progress: loading.progress, isCancelled: loading.isCancelled)
    }
    self.golden = try golden.map { (path) throws(FileError) in
      try GoldenFile(path, inspection.archive)
    }
    var (mine, theirs) = (inspection, inspection)
    var model: LoadedModel?
    if let reference {
      (mine, theirs) = try inspection.shared(by: subject, and: reference)
      do throws(FileError) {
        model = try load(reference, theirs)
      } catch {
        let error = error.offering(configOf: subject, mine, for: reference, theirs)
        // What else is recorded counts for more than outputs that are compared by their names.
        guard golden == nil else { throw error }
        let other = try OtherGraph(reference, refused: error)
        pair = .graphs(try OtherGraph(subject, refused: error), other)
        return
      }
    }
    do throws(FileError) {
      pair = .models(try load(subject, mine), model)
    } catch {
      let error =
        reference.map { error.offering(configOf: $0, theirs, for: subject, mine) } ?? error
      pair = .graph(try OtherGraph(subject, refused: error), model)
    }
  }

  /// The models among them, the subject first.
  package var models: [Inspection] {
    switch pair {
    case .models(let subject, let reference):
      [subject, reference].compactMap(\.?.inspection)
    case .graph(_, let reference): [reference].compactMap(\.?.inspection)
    case .graphs: []
    }
  }

  /// What no report may take the place of.
  package var keptFiles: [SourceFile] {
    models.flatMap(\.keptFiles) + graphs.flatMap(\.files) + (golden?.files ?? [])
  }

  private var graphs: [OtherGraph] {
    switch pair {
    case .models: []
    case .graph(let subject, _): [subject]
    case .graphs(let subject, let reference): [subject, reference]
    }
  }
}

extension Verification {
  /// Holds a subject against what it should be, and against recorded outputs too where there are any.
  ///
  /// Throws where the inputs or the outputs do not fit, and `cancelled` where an observer gives up.
  package static func verify(
    _ sides: VerificationSides, _ options: Options = Options(),
    observers: VerificationPhase.Observers = { _ in WorkObserver() }
  ) throws(FileError) -> VerificationResult {
    var options = options
    if !sides.models.isEmpty { try options.graph.requireStages(sides.path.string) }
    switch sides.pair {
    case .models(let subject, let reference):
      if let file = options.file { options.inputs = try file.inputs() }
      return try verify(
        subject, against: reference, golden: sides.golden, options, observers: observers)
    case .graph(let subject, let reference):
      return try verify(
        subject, against: reference, golden: sides.golden, options, observers: observers)
    case .graphs(let subject, let reference):
      return try verify(subject, against: reference, options, observers: observers)
    }
  }

  /// The same of what lies at paths.
  package static func verify(
    _ subject: FilePath, against reference: FilePath? = nil, golden: FilePath? = nil,
    _ options: Options = Options(), inspection: InspectionOptions = InspectionOptions(),
    observers: VerificationPhase.Observers = { _ in WorkObserver() }
  ) throws(FileError) -> VerificationResult {
    let loading = WorkObserver(isCancelled: observers(.comparing).isCancelled)
    let sides = try VerificationSides(
      subject, against: reference, golden: golden, inspection, loading: loading)
    return try verify(sides, options, observers: observers)
  }
}
