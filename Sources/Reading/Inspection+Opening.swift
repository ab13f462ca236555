package import AlbertArchitecture
internal import AlbertArchives
package import AlbertBytes
internal import AlbertGraphs
internal import AlbertJSON
internal import AlbertNativeFormat
package import SystemPackage
package import AlbertTensors
internal import AlbertUpstreams

extension Inspection {
  /// Opens a source and finds out what it is.
  ///
  /// Reads headers only.
  ///
  /// Throws where nothing can be said of it: no file, a malformed one, no ALBERT in it, or several.
  package static func open(
    _ path: FilePath, _ options: InspectionOptions = InspectionOptions()
  ) throws(FileError) -> Inspection {
    let located = try ArchiveRegistry.locate(path)
    let stored = try located.open(options.archive)
    if options.wantsDigests { stored.files.beginDigests() }
    let opened = try GraphArchive(inPlaceOf: stored) ?? stored
    try ZeroCheckpoint.check(opened)
    let native = try native(opened)
    let numbers: any TensorArchive =
      if let native {
        DequantizedArchive(native) ?? native
      } else {
        try Pruning.applied(to: Quantization.restored(opened, config: options.config))
      }
    let merged = try Adapters.merged(numbers, adapter: options.adapter, options.archive)
    let (readable, options) = (merged.archive, options.adding(task: merged.task))
    let tied = try tied(readable, path, options)
    let archive: any TensorArchive = FactoredArchive(tied) ?? tied
    // A graph may leave open what a config says; names do not.
    let early = archive.graph == nil ? nil : try ConfigSearch(archive, options).run()
    var hint = early?.config
    if let head = options.head, archive.graph != nil {
      hint = hint ?? PartialConfig()
      hint?.taskHead = head
    }
    let recognition = try recognise(archive, path: path, prefix: options.prefix, hint: hint)
    if let native, options.adapter == nil {
      return self.native(
        path, archive, recognition.candidate, header: native.header, options,
        place(of: located, archive))
    }
    let config =
      archive.graph == nil
      ? try ConfigSearch(archive, options, for: recognition.candidate.upstream).run() : early
    let builder = InspectionBuilder(
      archive: archive, recognition: recognition, config: config, options: options)
    builder.findings += place(of: located, archive) + archive.notes.map(Finding.init)
    return try builder.finish(path)
  }

  /// Notes of where the checkpoint was found, and of others in its folder but for its own shards.
  private static func place(
    of located: ArchiveRegistry.Located, _ archive: any TensorArchive
  ) -> [Finding] {
    let own = Set(archive.files.map(\.name))
    let others = located.passedOver.filter { !own.contains($0) }
    let read = located.path.lastComponent?.string ?? ""
    var findings: [Finding] = []
    if let place = located.place {
      findings.add(.note, code: "read-below", "read \(read) of \(place)")
    }
    if !others.isEmpty {
      findings.add(
        .note, code: "passed-over", "read \(read); passed over \(others.joined(separator: ", "))")
    }
    // A folder may hold a whole file and the parts of an older or a newer model.
    let loaded = transformersOrder.first { $0 == read || others.contains($0) }
    if let loaded, loaded != read, transformersOrder.contains(read) {
      findings.add(
        .warning, code: "other-file-loaded",
        "transformers loads \(loaded) from this folder, which was passed over; the two may differ",
        remedy:
          "name \(loaded) itself to read what transformers loads, and delete the file that is stale"
      )
    }
    return findings
  }

  /// In which order transformers looks for a model's file (modeling_utils.py, of version 4.41 as of 5.24).
  private static let transformersOrder = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
    "pytorch_model.bin.index.json",
  ]

  /// The container as a native file, where it says that it is one.
  private static func native(_ archive: any TensorArchive) throws(FileError) -> NativeArchive? {
    guard archive.metadata[NativeProfile.Key.profile.rawValue] != nil,
      let file = archive.files.first
    else { return nil }
    return try NativeArchive(archive, file)
  }

  private static func native(
    _ path: FilePath, _ archive: any TensorArchive, _ candidate: Candidate, header: NativeHeader,
    _ options: InspectionOptions, _ place: [Finding]
  ) -> Inspection {
    let lookup = candidate.lookup(
      groups: header.config.numHiddenGroups, innerLayers: header.config.innerGroupNum)
    return Inspection(
      path: path, archive: archive, format: UpstreamRegistry.native, candidate: candidate,
      partialConfig: PartialConfig(header.config), config: header.config, configSource: .embedded,
      configFile: nil, contents: header.contents,
      assignments: archive.tensors.map {
        TensorAssignment(
          tensor: $0, purpose: lookup.purpose(of: $0.name) ?? .unexpected)
      }, decoder: nil,
      findings: FindingList.arranged(
        place.filter { $0.code == "read-below" } + archive.notes.map(Finding.init)
          + disagreement(header, options)))
  }

  /// What a caller states of a native file that itself says otherwise.
  private static func disagreement(
    _ header: NativeHeader, _ options: InspectionOptions
  ) -> [Finding] {
    var findings: [Finding] = []
    if let head = options.head, head != header.contents.taskHead {
      let own = header.contents.taskHead.map { "says \($0.rawValue)" } ?? "has no task head"
      findings.append(.headMismatch(head, "the native file \(own)"))
    }
    let isUntied = header.contents.untiedDecoder
    if let decoder = options.decoder,
      header.contents.mlm ? (decoder == .untied) != isUntied : decoder == .untied
    {
      findings.append(
        .decoderMismatch(decoder, "the native file says \(isUntied ? "untied" : "tied")"))
    }
    if let config = options.config {
      findings.add(
        .warning, code: "config-unused",
        "'\(config.string)' was not read: a native file has its own config")
    }
    return findings
  }
}

extension Finding {
  /// A container's note as a finding.
  package init(_ note: ArchiveNote) {
    self.init(
      note.severity == .warning ? .warning : .note, code: note.code, note.message,
      remedy: note.remedy,
      tensor: note.tensor)
  }
}
