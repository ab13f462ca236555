/// The completions of a shell, to which the words that `albert help` explains are added: the parser that
/// makes the scripts lets its own `help` take any word.
enum CompletionScript {
  /// Whether the arguments ask for a script.
  static func isAsked(for arguments: [String]) -> Bool {
    arguments.contains { $0.hasPrefix("--generate-completion-script") }
  }

  /// A script of the parser's with the words of `help`, whichever of the shells it is for.
  static func completed(_ script: String) -> String {
    var script = script
    for addition in [bash, zsh, fish] {
      guard let place = script.firstRange(of: addition.place) else { continue }
      script.replaceSubrange(place, with: addition.text)
      break
    }
    return script
  }

  /// What stands in a script, once and in no other shell's, and what takes its place.
  private typealias Addition = (place: String, text: String)

  /// The words, and what each is about.
  private static var words: [(word: String, about: String)] {
    AlbertTool.configuration.subcommands.compactMap { command in
      command.configuration.commandName.map { ($0, command.configuration.abstract) }
    } + HelpTopic.allCases.map { ($0.rawValue, $0.title) }
  }

  private static var list: String { words.map(\.word).joined(separator: " ") }

  private static var bash: Addition {
    let place = "_albert_help() {\n    repeating_flags=()\n"
    return (
      place,
      place.replacing(
        "{\n",
        with: """
          {
              if [[ "${COMP_CWORD}" -eq 2 ]]; then
                  COMPREPLY+=($(compgen -W '\(list)' -- "${cur}"))
              fi

          """)
    )
  }

  private static var zsh: Addition {
    // A colon parts a word from what it is about.
    let described = words.map { word, about in
      let text = about.replacing("'", with: "'\\''").replacing(":", with: "\\:")
      return "\(word)\\:\"\(text)\""
    }
    return ("'*:subcommands:'", "'1:topic:((\(described.joined(separator: " "))))'")
  }

  private static var fish: Addition {
    let place =
      "complete -c 'albert' -n '__albert_should_offer_completions_for_flags_or_options \"albert help\""
    let lines = words.map { word, about in
      "complete -c 'albert' -n '__albert_should_offer_completions_for_positional \"albert help\" -eq 1' "
        + "-fa '\(word)' -d '\(about.replacing("'", with: "\\'"))'\n"
    }
    return (place, lines.joined() + place)
  }
}
