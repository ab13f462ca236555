// What a user of the library imports: these modules' public symbols, and the calls of this folder,
// which take paths as users have them and know tasks. Scripts/public-symbols.txt lists them all.
@_exported public import AlbertArchitecture
@_exported public import AlbertArchives
@_exported public import AlbertBytes
@_exported public import AlbertConversion
@_exported public import AlbertDiagnosis
@_exported public import AlbertExporters
@_exported public import AlbertFastModel
@_exported public import AlbertNativeFormat
@_exported public import AlbertPipelines
@_exported public import AlbertReading
@_exported public import AlbertReferenceModel
@_exported public import AlbertTensors
@_exported public import AlbertTokenizers
@_exported public import AlbertVerification
@_exported public import struct SystemPackage.FilePath
