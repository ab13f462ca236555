import ArgumentParser

/// The word that says which command is meant.
enum CommandWord {
  /// The error for what stands where a command should; nil for a command, and for the tool's own options.
  static func mistake(in arguments: [String], among commands: [String]) -> ValidationError? {
    guard let word = arguments.first else { return nil }
    guard word.hasPrefix("-") else { return mistake(word, among: commands) }
    let isOwn = ["-h", "-V"].contains(word) || own.contains(where: word.hasPrefix)
    guard !isOwn, let command = arguments.first(where: commands.contains) else { return nil }
    let option = ByteText.repaired(word)
    return ValidationError(
      "'\(option)' stands before the command: options stand behind it, albert \(command) … \(option)"
    )
  }

  private static let own = [
    "--help", "-help", "--version", "--generate-completion-script", "--experimental-dump-help",
  ]

  /// The error for a word that is not a command, with the one that is nearest; nil for an option.
  static func mistake(_ word: String, among commands: [String]) -> ValidationError? {
    guard !word.isEmpty, !word.hasPrefix("-"), !commands.contains(word) else { return nil }
    let what = "'\(ByteText.repaired(word))' is no command"
    let near = commands.map { (command: $0, distance: distance(word.lowercased(), $0)) }
      .min { $0.distance < $1.distance }
    // Half of a word's letters changed is another word.
    if let near, near.distance <= max(1, near.command.count / 2), word.count <= 40 {
      return ValidationError("\(what); did you mean '\(near.command)'?")
    }
    return ValidationError("\(what); it is one of \(commands.joined(separator: ", "))")
  }

  /// The letters to put in, leave out, change or exchange with their neighbour.
  static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.prefix(64)), Array(b))
    var earlier: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, earlier[j - 1] + 1) }
        row.append(best)
      }
      (earlier, previous) = (previous, row)
    }
    return previous[b.count]
  }
}
