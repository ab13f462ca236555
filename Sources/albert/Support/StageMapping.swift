import ArgumentParser

/// What an output of a graph is: `output_0=last_hidden_state`.
struct StageMapping: ExpressibleByArgument {
  /// The output's name in the graph.
  let output: String
  /// The stage that it is, or the output of another graph.
  let name: String

  /// The mapping that was given; nil where it names nothing.
  init?(argument: String) {
    guard let place = argument.lastIndex(of: "="), place != argument.startIndex,
      argument.index(after: place) != argument.endIndex
    else { return nil }
    output = String(argument[..<place])
    name = String(argument[argument.index(after: place)...])
  }
}
