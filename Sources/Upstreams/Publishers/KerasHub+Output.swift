internal import AlbertArchitecture

/// A weights file of KerasHub's classes.
package enum KerasHubFile: Sendable {
  /// A backbone alone.
  case backbone
  /// A task with its backbone.
  case task
  /// What a task has beside its backbone.
  case head

  /// The table of the file's names, by layers' classes or by their own names.
  fileprivate func table(_ name: KeyPath<KerasLayer, String>) -> NameTable {
    switch self {
    case .backbone: KerasHub.backbone(name)
    case .task: KerasHub.task(name)
    case .head: KerasHub.table(KerasLayer.heads.map { $0.row(name, under: "") })
    }
  }
}

extension OutputNames {
  /// KerasHub's layers by their classes, as its files name them.
  package static func kerasHub(_ file: KerasHubFile, innerLayers: Int) -> OutputNames {
    OutputNames(file.table(\.byClass), place: KerasHub.place, innerLayers: innerLayers)
  }

  /// The same places by the layers' own names, which its files keep in attributes.
  package static func kerasHubLayers(_ file: KerasHubFile, innerLayers: Int) -> OutputNames {
    OutputNames(file.table(\.own), place: KerasHub.place, innerLayers: innerLayers)
  }
}

extension KerasHub {
  /// The name of a task's layer that is its backbone.
  fileprivate static let place = NamePlace(scope: "albert_backbone")
}
