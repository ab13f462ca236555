package import AlbertBytes
internal import AlbertConversion
package import AlbertReading
package import SystemPackage

/// An export as one call, from the source's path to the output's.
public enum Export {
  /// Reads `source`, writes it to `output`, verifies what was written, and gives it its name.
  ///
  /// `progress` is told how far each phase is, and `isCancelled` asked between windows of bytes and
  /// inside of the layers of forward passes, both by several threads.
  ///
  /// Throws what hinders it, `cancelled` among it; the output is then as it was before. An output that
  /// does not hold what it should is not an error but an outcome that did not succeed, and has no name.
  package static func run(
    _ source: FilePath, to output: FilePath, _ options: ExportOptions = ExportOptions(),
    reading: InspectionOptions = InspectionOptions(),
    progress: @escaping ExportPlan.Progress = { _, _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(FileError) -> ExportOutcome {
    let inspection = try Inspection.open(source, options.reading(reading, for: output))
    return try ExportPlan(inspection, to: output, options)
      .run(progress: progress, isCancelled: isCancelled)
  }
}
