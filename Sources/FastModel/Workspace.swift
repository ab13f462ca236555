internal import AlbertArchitecture
internal import Synchronization

/// The memory of one forward pass at a time, for tokens of one extent.
@safe final class Workspace: @unchecked Sendable {
  // Unchecked: the pool hands it to one pass at a time.

  /// What the sizes follow from.
  struct Extent: Equatable {
    let sequences: Int
    /// The tokens of all sequences.
    let tokens: Int
    /// The tokens of the longest one.
    let longest: Int
    /// The floats that a worker's attention takes, and how many workers there are.
    let attention: Int
    let workers: Int

    init(_ tokens: Tokens, _ products: Products, _ config: AlbertConfig) {
      sequences = tokens.sequences
      self.tokens = tokens.count
      longest = tokens.longest
      switch products {
      case .kernels(let kernels):
        attention = AlignedFloats.padded(
          kernels.attentionMemory(tokens: longest, size: config.headSize))
        workers = Kernels.workers
      case .library:
        attention = longest * longest
        workers = 1
      }
    }
  }

  let extent: Extent
  private let memory: AlignedFloats

  /// The embeddings, and the masked-LM head's transformed tokens, [tokens, E].
  let embedded: UnsafeMutablePointer<Float>
  /// What enters and leaves a layer, [tokens, H].
  let hidden: UnsafeMutablePointer<Float>
  /// The attention's output, [tokens, H].
  let attended: UnsafeMutablePointer<Float>
  /// The heads' mixtures of values, and rows that a head reads, [tokens, H].
  let context: UnsafeMutablePointer<Float>
  /// Query, key and value, [tokens, 3 H], or the feed-forward layer, [tokens, FFN].
  let wide: UnsafeMutablePointer<Float>
  /// What attention works with, [workers, attention].
  let attention: UnsafeMutablePointer<Float>
  /// What is added to the scores of each key, [tokens].
  let mask: UnsafeMutablePointer<Float>
  /// The pooler's output, [sequences, H].
  let pooled: UnsafeMutablePointer<Float>

  init(_ extent: Extent, _ config: AlbertConfig) {
    self.extent = extent
    let tokens = extent.tokens
    let h = config.hiddenSize
    let counts = [
      tokens * config.embeddingSize, tokens * h, tokens * h, tokens * h,
      tokens * max(3 * h, config.intermediateSize), extent.workers * extent.attention, tokens,
      extent.sequences * h,
    ].map(AlignedFloats.padded)
    memory = AlignedFloats(count: counts.reduce(0, +))
    var next = unsafe memory.base
    func take(_ index: Int) -> UnsafeMutablePointer<Float> {
      defer { unsafe next += counts[index] }
      return unsafe next
    }
    unsafe embedded = take(0)
    unsafe hidden = take(1)
    unsafe attended = take(2)
    unsafe context = take(3)
    unsafe wide = take(4)
    unsafe attention = take(5)
    unsafe mask = take(6)
    unsafe pooled = take(7)
  }
}

/// Workspaces between passes, so that a pass of a known shape allocates none.
final class WorkspacePool: Sendable {
  /// As many as are kept; shapes that are rarer are allocated anew.
  private static let most = 4

  private let idle = Mutex<[Workspace]>([])

  /// The tokens of those that are kept, for tests.
  var extents: [Int] { idle.withLock { $0.map(\.extent.tokens) } }

  /// Hands `body` a workspace that nobody else uses meanwhile.
  func withWorkspace(
    _ extent: Workspace.Extent, _ config: AlbertConfig,
    _ body: (Workspace) throws(InputProblem) -> Void
  ) throws(InputProblem) {
    let workspace =
      idle.withLock { idle in
        idle.firstIndex { $0.extent == extent }.map { idle.remove(at: $0) }
      } ?? Workspace(extent, config)
    defer {
      idle.withLock { idle in
        idle.append(workspace)
        if idle.count > Self.most { idle.removeFirst() }
      }
    }
    try body(workspace)
  }
}
