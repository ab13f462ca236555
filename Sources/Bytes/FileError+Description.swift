internal import SystemPackage

extension FileError {
  /// A stable word for scripts, such as `checksum` or `not-found`.
  public var code: String {
    switch problem {
    case .notFound: "not-found"
    case .system: "system"
    case .wrongKind: "wrong-kind"
    case .truncated: "truncated"
    case .malformed: "malformed"
    case .checksum: "checksum"
    case .mismatch: "mismatch"
    case .unsupported: "unsupported"
    case .limit: "limit"
    case .changed: "changed"
    case .ambiguous: "ambiguous"
    case .missing: "missing"
    case .exists: "exists"
    case .cancelled: "cancelled"
    case .inexpressible: "inexpressible"
    case .rejected(let code, _): code
    }
  }

  /// What is wrong and where, without the path and the remedy.
  public var message: String {
    var place = ""
    if let tensor { place += " in tensor '\(tensor)'" }
    if let offset { place += " at byte \(offset)" }
    return problem.sentence + place
  }

  /// What to do next, as an imperative sentence without its full stop, in which settings are the
  /// library's own properties.
  public var remedy: String { advice.description }
}

extension FileError: CustomStringConvertible {
  /// `PATH: what, where; what to do`, with the library's own properties for settings.
  public var description: String { text(\.description) }

  /// `PATH: what, where; what to do` with settings in a program's own words.
  ///
  /// - Parameter word: What a setting is called.
  /// - Returns: One line.
  public func text(_ word: (Setting) -> String) -> String {
    "\(path.isEmpty ? "''" : path): \(message); \(advice.text(word))"
  }
}

extension FileError.Problem {
  /// The problem in words, with what was expected and what was found.
  package var sentence: String {
    switch self {
    case .notFound: "there is no such file or folder"
    case .system(let operation, let code): "cannot \(operation): \(Errno(rawValue: code))"
    case .wrongKind(let expected, let found): "expected \(expected), found \(found)"
    case .truncated(let what, let needed, let available):
      "the file ends inside \(what): \(needed) bytes expected, \(available) found"
    case .malformed(let what): what
    case .checksum(let what, let expected, let found):
      "\(what) does not match its checksum: expected \(expected), found \(found)"
    case .mismatch(let what, let expected, let found):
      "\(what): expected \(expected), found \(found)"
    case .unsupported(let what): "\(what) is not supported"
    case .limit(let what, let value, let most):
      "\(what) is \(value), more than the \(most) accepted"
    case .changed: "the file changed while it was being read"
    case .ambiguous(let what, let candidates):
      "more than one \(what) fits: \(candidates.joined(separator: ", "))"
    case .missing(let what): "\(what) is missing"
    case .exists: "the output exists already"
    case .cancelled: "the work was cancelled"
    case .inexpressible(let what): what
    case .rejected(_, let message): message
    }
  }

  /// What helps in most cases of the problem.
  package var usualRemedy: Remedy {
    switch self {
    case .notFound: "check the path"
    case .system(_, let code): Errno(rawValue: code).remedy
    case .wrongKind: "name the checkpoint's file or folder"
    case .truncated, .malformed, .checksum:
      "download or copy the file again; if that does not help, it was damaged when written"
    case .mismatch: "check that the files belong together"
    case .unsupported: "save the model again in another supported format"
    case .limit: "check that this is the file you meant"
    case .changed: "wait until nothing writes to it, then try again"
    case .ambiguous: "name one of them"
    case .missing: "check that the download is complete"
    case .exists: "pass \(.replacing) to replace it, or name another output"
    case .cancelled: "start it again; nothing was written"
    case .rejected: "check that this is the file you meant"
    case .inexpressible: "choose another format"
    }
  }
}
