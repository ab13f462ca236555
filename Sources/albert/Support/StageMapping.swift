import AlbertArchitecture
import ArgumentParser

/// What an output of a graph is: `output_0=last_hidden_state`.
struct StageMapping: ExpressibleByArgument {
  /// The output's name in the graph.
  let output: String
  /// The stage that it is.
  let stage: Stage

  /// The mapping that was given; nil where it names no stage.
  init?(argument: String) {
    guard let place = argument.lastIndex(of: "="), place != argument.startIndex,
      let stage = Stage(name: String(argument[argument.index(after: place)...]))
    else { return nil }
    output = String(argument[..<place])
    self.stage = stage
  }
}
