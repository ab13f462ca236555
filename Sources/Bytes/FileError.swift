package import SystemPackage

/// Why a file cannot be used: what is wrong, where in the file, and what to do next.
///
/// One type serves every layer below conversion, so that a reader states a fact once and every
/// renderer (text, JSON, a caller's own) shows the same words. Its values lie behind one reference, so that
/// the many functions that only pass an error on need not copy them.
public struct FileError: Error, Equatable, Sendable {
  /// What is wrong, as a case with its values.
  public enum Problem: Equatable, Sendable {
    /// Nothing exists at the path.
    case notFound
    /// A system call failed; `operation` is what was tried and `errno` why it failed.
    case system(operation: String, errno: Int32)
    /// The path names something other than a regular file or folder.
    case wrongKind(expected: String, found: String)
    /// The bytes end before `what` does.
    case truncated(what: String, needed: Int, available: Int)
    /// The bytes break a rule of their format.
    case malformed(String)
    /// A stored checksum or digest disagrees with the bytes that it covers.
    case checksum(of: String, expected: String, found: String)
    /// Two statements that must agree do not.
    case mismatch(of: String, expected: String, found: String)
    /// A legal construct that is not read here.
    case unsupported(String)
    /// A number exceeds what is accepted before anything is allocated for it.
    case limit(of: String, value: Int, most: Int)
    /// The file changed while it was read.
    case changed
    /// Several candidates fit and none is preferred.
    case ambiguous(of: String, candidates: [String])
    /// Something that is required is not there.
    case missing(String)
    /// The output exists and may not be replaced.
    case exists
    /// The caller gave up on the work.
    case cancelled
    /// The output cannot state what the source holds.
    case inexpressible(String)
    /// The content was read and cannot be used; `code` is a finding's stable word.
    case rejected(code: String, message: String)
  }

  private final class Values: Equatable, Sendable {
    let path: String
    let problem: Problem
    let offset: Int?
    let tensor: String?
    let advice: Remedy

    init(_ path: String, _ problem: Problem, _ offset: Int?, _ tensor: String?, _ advice: Remedy) {
      self.path = path
      self.problem = problem
      self.offset = offset
      self.tensor = tensor
      self.advice = advice
    }

    static func == (a: Values, b: Values) -> Bool {
      a.path == b.path && a.problem == b.problem && a.offset == b.offset && a.tensor == b.tensor
        && a.advice == b.advice
    }
  }

  private let values: Values

  /// The file or folder concerned, as the user named it.
  public var path: String { values.path }
  /// What is wrong.
  public var problem: Problem { values.problem }
  /// The offset of the byte concerned, in the file at `path`.
  public var offset: Int? { values.offset }
  /// The tensor concerned, by its name in the file.
  public var tensor: String? { values.tensor }
  /// What to do next.
  package var advice: Remedy { values.advice }

  /// Makes an error; without a remedy of its own the problem's usual one is taken.
  package init(
    _ path: String, _ problem: Problem, offset: Int? = nil, tensor: String? = nil,
    remedy: Remedy? = nil
  ) {
    values = Values(path, problem, offset, tensor, remedy ?? problem.usualRemedy)
  }

  /// The same error about what lies at `hidden` or in it, told of `shown` instead: of an output that
  /// has no name yet, a user knows only the name that it will have.
  package func renamed(from hidden: FilePath, to shown: FilePath) -> FileError {
    let place = hidden.string
    guard path == place || path.hasPrefix(place + "/") else { return self }
    let rest = path.dropFirst(place.count)
    return FileError(
      shown.isEmpty ? String(rest.dropFirst()) : shown.string + rest, problem, offset: offset,
      tensor: tensor, remedy: advice)
  }

  /// The same error, told to concern `tensor`.
  package func concerning(tensor: String) -> FileError {
    FileError(path, problem, offset: offset, tensor: self.tensor ?? tensor, remedy: advice)
  }
}
