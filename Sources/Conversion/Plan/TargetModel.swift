package import AlbertArchitecture

/// A model as an output states it, which may be less or other than what the source holds.
package struct TargetModel: Equatable, Sendable {
  /// Something that the output cannot say, and what it says instead.
  package struct Change: Equatable, Sendable {
    /// A stable word for scripts, such as `activation`.
    package let code: String
    /// What cannot be said, and what stands in its place.
    package let message: String

    /// Whether every output has it, since it is of the source.
    package let isOfSource: Bool

    /// States a change.
    package init(_ code: String, _ message: String, isOfSource: Bool = false) {
      self.code = code
      self.message = message
      self.isOfSource = isOfSource
    }
  }

  /// What the output computes.
  package var config: AlbertConfig
  /// The parts that it has; one that the source lacks must be made up.
  package var contents: ModelContents
  /// What is changed; empty where the output says all that the source does.
  package private(set) var changes: [Change] = []

  /// The model of a source, before anything is changed.
  package init(_ config: AlbertConfig, _ contents: ModelContents) {
    self.config = config
    self.contents = contents
  }

  /// Sets a value that the output cannot hold to the one that it will hold, and records the change.
  ///
  /// `reason` says what the output knows, such as `Google's code knows no exact GELU`.
  package mutating func change<Value: Equatable>(
    _ key: WritableKeyPath<AlbertConfig, Value>, to value: Value, code: String, _ reason: String
  ) {
    guard config[keyPath: key] != value else { return }
    config[keyPath: key] = value
    changes.append(Change(code, reason))
  }

  /// Records what the source computes in a way that no output has, and what it is in every output.
  package mutating func record(code: String, _ reason: String) {
    changes.append(Change(code, reason, isOfSource: true))
  }

  /// Leaves out a part that the output has no place for, and records the change.
  package mutating func drop(
    _ part: WritableKeyPath<ModelContents, Bool>, code: String, _ reason: String
  ) {
    guard contents[keyPath: part] else { return }
    contents[keyPath: part] = false
    changes.append(Change(code, reason))
  }

  /// Leaves out a task head that the output has no place for, and records the change.
  package mutating func dropTaskHead(_ reason: String) {
    guard contents.taskHead != nil else { return }
    contents.taskHead = nil
    config.taskHead = nil
    config.numLabels = 0
    config.passthrough.id2label = nil
    changes.append(Change("task-head", reason))
  }
}
