internal import AlbertArchives
package import AlbertBytes
package import AlbertReading
package import SystemPackage
internal import AlbertJSON

/// Looks at every model below a folder: headers only, one after the other, going on after those that
/// cannot be read.
package struct Survey {
  private let models: [FilePath]
  private let output: FilePath?
  private let options: InspectionOptions
  private let word: (Setting) -> String

  /// Finds the models below `root`; `output` is where the rows will go.
  ///
  /// Throws where that is a checkpoint, or a part of one.
  package init(
    _ root: FilePath, _ options: InspectionOptions, output: FilePath? = nil,
    word: @escaping (Setting) -> String
  ) throws(FileError) {
    if let output { try Self.refuseCheckpoint(output, options.archive) }
    models = try ModelSearch.models(below: root)
    self.output = output
    self.options = options
    self.word = word
  }

  /// A row for each model.
  ///
  /// With a journal those are taken from it whose files are as they were, and each new one is written
  /// down at once. Throws where the output would take the place of a model's file.
  package func rows(_ journal: Journal?, _ observer: WorkObserver) throws(FileError) -> [SurveyRow]
  {
    var known: [String: (stamp: String, row: SurveyRow)] = [:]
    for entry in journal?.entries ?? [] {
      guard let stamp = entry["stamp"]?.string, let row = entry["row"].flatMap(SurveyRow.init),
        let key = row.key
      else { continue }
      known[key] = (stamp, row)
    }
    var rows: [SurveyRow] = []
    for (done, model) in models.enumerated() {
      observer.progress(done, models.count)
      let stamp = Self.stamp(model)
      if let before = known[SurveyRow.key(of: model)], before.stamp == stamp {
        rows.append(before.row)
        continue
      }
      let row: SurveyRow
      do throws(FileError) {
        row = try self.row(of: model)
      } catch {
        // The same command will not go on from here.
        try? journal?.remove()
        throw error
      }
      rows.append(row)
      try journal?.add(
        .object([JSONMember("stamp", .string(stamp)), JSONMember("row", row.json)]))
    }
    observer.progress(models.count, models.count)
    return rows
  }

  /// Throws where a file is one of a checkpoint beside it, also of one that has no row of its own.
  private static func refuseCheckpoint(
    _ file: FilePath, _ options: ArchiveOptions
  ) throws(FileError) {
    guard file.isTaken else { return }
    let folder = file.removingLastComponent().orCurrentFolder
    for name in (try? Folder.names(in: folder)) ?? [] {
      let path = folder.appending(name)
      guard !path.isFolder, let archive = try? ArchiveRegistry.open(path, options) else { continue }
      try archive.files.refuseOverwriting(file)
    }
  }

  private func row(of model: FilePath) throws(FileError) -> SurveyRow {
    let inspection: Inspection
    do throws(FileError) {
      inspection = try Inspection.open(model, options)
    } catch {
      // What cannot be read is somebody's all the same.
      if let output, let file = try? SourceFile(model) { try [file].refuseOverwriting(output) }
      return SurveyRow(error, at: model, word: word)
    }
    if let output { try inspection.refuseOverwriting(output) }
    return SurveyRow(inspection, at: model, word: word)
  }

  /// The names, sizes and times of the files that a model may consist of: all of its folder, or those
  /// beside it whose names begin as its own.
  private static func stamp(_ model: FilePath) -> String {
    var folder = model
    var stem = ""
    if !model.isFolder {
      folder = model.removingLastComponent()
      stem = String(model.lastComponent?.string.prefix { $0 != "." } ?? "")
    }
    let names = (try? Folder.names(in: folder.orCurrentFolder)) ?? []
    let files = names.compactMap { name -> String? in
      guard name.string.hasPrefix(stem), !name.string.hasSuffix(".journal"),
        let status = folder.appending(name).status, status.type == .regular
      else { return nil }
      return "\(name.string)/\(status.size)/\(status.st_mtim.tv_sec)/\(status.st_mtim.tv_nsec)"
    }
    let text = Array(files.joined(separator: "\n").utf8)
    return unsafe XXH3Digest.of(text.span.bytes).description
  }
}
