public import AlbertArchitecture
internal import AlbertArchives
package import AlbertBytes
package import AlbertConversion
package import AlbertReading
public import SystemPackage

/// What an export will write and where, as a value that was built from headers alone.
public struct ExportPlan: Sendable {
  /// The format.
  public let format: ExportFormat
  /// What becomes of each tensor.
  package let conversion: ConversionPlan
  /// Where the output goes.
  public let output: FilePath
  /// What the caller decided.
  package let options: ExportOptions
  /// Whether the output is a folder.
  package let isFolder: Bool
  /// The name of the file where the output is a single one; nil in a folder.
  let fileName: String?
  /// Files of the source's tokenizer and pooling, which a folder or a native file takes along.
  let passthrough: [PassthroughFile]
  /// What was noticed of such files that cannot be taken along.
  let passthroughFindings: [Finding]

  /// Plans to write what was inspected to `output`.
  ///
  /// Throws where the source cannot be used, the format cannot say it, or the output is a file of
  /// the source itself.
  package init(
    _ inspection: Inspection, to output: FilePath, _ options: ExportOptions = ExportOptions()
  ) throws(FileError) {
    guard let format = options.format(of: output) else {
      throw ExportRegistry.foreignEnding(of: output)
    }
    try inspection.refuseOverwriting(output)
    // A stream carries one file, whatever its name ends in.
    let place = try OutputPlace(output)
    isFolder =
      format.type.writesFolder && !place.isStream
      && (options.writesFolder || !format.type.isFile(output.string))
    if options.writesFolder && !isFolder { throw Self.noFolder(format, place) }
    fileName = isFolder ? nil : place.target.lastComponent?.string ?? output.lastComponent?.string
    conversion = try ConversionPlan(inspection, type: options.type) {
      (model) throws(FileError) in
      try format.type.adapt(
        model, initializing: options.initializesMissing, path: output.string)
    }
    self.format = format
    self.output = output
    self.options = options
    let tokenizer =
      options.carriesTokenizer ? try PassthroughFile.beside(inspection) : (files: [], findings: [])
    let pooling = try PassthroughFile.pooling(inspection)
    passthrough = tokenizer.files + pooling.files
    passthroughFindings = tokenizer.findings + pooling.findings
    try checkName(place.target)
    try checkConsent()
    try checkTypes()
  }

  /// The error for a folder where the format is a single file.
  private static func noFolder(_ format: ExportFormat, _ place: OutputPlace) -> FileError {
    let words = ExportRegistry.formats.filter { $0.writesFolder }.map { $0.name }
    let file =
      place.kind == .folder
      ? "name a file in it, such as "
        + place.path.appending("model" + (format.type.endings.first ?? "")).string
      : "leave out the slash"
    return FileError(
      place.path.string + "/",
      .rejected(
        code: "no-folder",
        message: "the slash at the end means a folder, and \(format.title) is one file"),
      remedy: "\(file), or name a format that is a folder with \(.format): "
        + words.joined(separator: ", "))
  }

  /// Throws where the names of several files would be made of a name that is not text.
  private func checkName(_ target: FilePath) throws(FileError) {
    guard !isFolder, format == .tensorFlow, let name = target.lastComponent,
      String(validating: name) == nil
    else { return }
    throw FileError(
      output.string,
      .inexpressible(
        "\(format.title) is an index and a data file, whose names are made of this one as text, and a "
          + "byte of it is no UTF-8"),
      remedy: "name it in UTF-8, or name a folder with \(.format) \(format.name)")
  }

  /// Throws where something is changed or made up that the caller did not agree to.
  private func checkConsent() throws(FileError) {
    let changes = conversion.model.changes
    if !changes.isEmpty && !options.allowsInexact {
      let isWhole = changes.contains { !$0.isOfSource } || conversion.inspection.hasFactoredWords
      throw FileError(
        output.string,
        .inexpressible(
          (isWhole
            ? "\(format.title) cannot say what the source does: "
            : "what can be written is not the whole model: ")
            + changes.map(\.message).joined(separator: "; ")),
        remedy: changes.allSatisfy(\.isOfSource)
          ? "pass \(.inexact) to write it so" : "choose another format, or pass \(.inexact)"
      )
    }
    let made = conversion.tensors.filter { $0.origin == .initialized }.map(\.spec.name)
    if !made.isEmpty && !options.initializesMissing {
      throw FileError(
        output.string,
        .missing(
          "\(made.joined(separator: ", ")), which \(format.title) demands and the source lacks,"),
        remedy: "pass \(.initializing) to write such parts as a new model begins")
    }
  }

  /// Throws where a tensor's element type is none of the format's.
  private func checkTypes() throws(FileError) {
    guard
      let first = conversion.tensors.first(where: { !format.type.elementTypes.contains($0.type) })
    else { return }
    throw FileError(
      output.string,
      .inexpressible("\(format.title) cannot hold \(first.type.name)"),
      tensor: first.spec.name, remedy: "pass \(.elementType("f32")), or name another format")
  }

  /// What is told before anything is written.
  public var findings: [Finding] { conversion.inspection.findings + ownFindings }

  /// What the source alone does not say.
  package var ownFindings: [Finding] { leftBehind + conversion.findings }

  /// What the format needs to know.
  var model: ExportModel {
    ExportModel(
      plan: conversion, path: output.string,
      fileName: fileName, passthrough: passthrough,
      keepsDataApart: options.keepsDataApart, tool: options.tool)
  }

  /// The bytes of all tensors, to which containers add little.
  public var tensorByteCount: Int {
    conversion.tensors.reduce(0) { $0 + $1.output.byteCount }
  }
}
