/// What holds for every command: the tool's help says it once, and each command's manual page repeats it.
///
/// A section is a heading in capitals and rows, a word and what it means two spaces or more behind it.
/// A command whose discussion has a section of the same name adds to its rows.
enum Manual {
  /// How a process ends, by the contract.
  static let exitCodes = """
    EXIT CODES
      0              done; of verify and check: it holds; of diff: nothing differs
      1              it does not hold, what convert verifies too; something differs
      2              an input cannot be used, or an output cannot be written
      64             wrong usage
      129, 130, 143  ended by SIGHUP, SIGINT or SIGTERM; nothing is left behind
    """

  /// The variables that are read, each where it matters.
  static let environment = """
    ENVIRONMENT
      HF_HUB_CACHE          the Hugging Face Hub's cache, for a model by its name
                            there (also HUGGINGFACE_HUB_CACHE)
      HF_HOME               the folder whose hub is that cache; else XDG_CACHE_HOME
                            or HOME/.cache has it
      OPENBLAS_NUM_THREADS  the threads of the fast engine (also GOTO_NUM_THREADS,
                            OMP_NUM_THREADS); else one for each core
      COLUMNS               the width of the text, instead of the terminal's
      NO_COLOR              where it is not empty: no colours; so does TERM=dumb
      TMPDIR                the folder for bytes that a pipe cannot take in order
    """

  /// The files that are read or written beside those that a command names.
  static let files = """
    FILES
      config.json, albert_config.json, config.yml
                            the config, looked for beside the weights
      spiece.model, tokenizer.json, vocab.txt
                            the tokenizer, looked for there too
      model.albert          a native file, which holds both; a strict profile of
                            safetensors
      share/albertkit       of an installation: the JSON schemas of what --json
                            prints, and samples
    """
}
