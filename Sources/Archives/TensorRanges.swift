package import AlbertTensors

/// Where the tensors of one file lie in it, and what of that no program writes: a few bytes in an offset give
/// other numbers, which no length, no type and no checksum shows.
///
/// So it is of files beside an ONNX model, and of TensorFlow Lite's buffers. Other formats' ranges are errors where
/// they overlap, or are covered by checksums.
package struct TensorRanges {
  private struct Piece {
    let name: String
    let range: Range<Int>
    let elementSize: Int
  }

  private var pieces: [Piece] = []

  /// The most that are named one by one.
  private static let named = 4
  /// What onnx, PyTorch and onnxruntime align large tensors to, if they do.
  private static let alignment = 4096
  /// The most bytes by which a start misses such a place for it to be the one that was meant.
  private static let nearness = 64

  /// No tensors.
  package init() {}

  /// Adds a tensor; one without bytes lies nowhere.
  package mutating func add(_ name: String, _ range: Range<Int>, elementSize: Int) {
    guard !range.isEmpty else { return }
    pieces.append(Piece(name: name, range: range, elementSize: max(1, elementSize)))
  }

  /// Warnings of tensors that share some of their bytes but not all, as those of one stored tensor do.
  package func overlaps() -> [ArchiveNote] {
    var found: [(first: Piece, second: Piece)] = []
    var last: Piece?
    for piece in sorted {
      guard let before = last else {
        last = piece
        continue
      }
      if piece.range.overlaps(before.range), piece.range != before.range {
        found.append((before, piece))
      }
      if piece.range.upperBound > before.range.upperBound { last = piece }
    }
    return Self.notes(found, code: "data-overlaps") { first, second in
      let shared = first.range.clamped(to: second.range).count
      return
        "the data of '\(first.name)' and '\(second.name)' overlap by \(shared) bytes (they lie at "
        + "\(Self.words(first.range)) and \(Self.words(second.range))), so that one of them is not read "
        + "from where it is"
    }
  }

  /// Warnings of tensors that begin neither where another one ends nor where writers begin one after a gap.
  ///
  /// A gap alone is nothing: a tensor that a model no longer has leaves one.
  func misplaced() -> [ArchiveNote] {
    let ends = Set(pieces.map(\.range.upperBound)).union([0])
    let behindGaps = sorted.filter { !ends.contains($0.range.lowerBound) }
    let isAligned = behindGaps.contains { Self.misses($0.range.lowerBound) == 0 }
    let found = behindGaps.filter { piece in
      let misses = Self.misses(piece.range.lowerBound)
      return !piece.range.lowerBound.isMultiple(of: piece.elementSize)
        || isAligned && misses > 0 && misses < Self.nearness
    }
    return Self.notes(found, code: "data-misplaced") { piece in
      let start = piece.range.lowerBound
      return
        "the data of '\(piece.name)' begin at byte \(start), where no other tensor ends and which is "
        + (start.isMultiple(of: piece.elementSize)
          ? "\(Self.misses(start)) bytes off a multiple of \(Self.alignment), to which others are aligned"
          : "no multiple of the \(piece.elementSize) bytes of its elements")
    }
  }

  /// The bytes from a place to the nearest one that large tensors are aligned to.
  private static func misses(_ start: Int) -> Int {
    let behind = start % alignment
    return min(behind, alignment - behind)
  }

  private var sorted: [Piece] {
    pieces.ordered {
      ($0.range.lowerBound, $1.range.upperBound, $0.name)
        < ($1.range.lowerBound, $0.range.upperBound, $1.name)
    }
  }

  private static func words(_ range: Range<Int>) -> String {
    "\(range.lowerBound)–\(range.upperBound)"
  }

  private static func notes<Fault>(
    _ found: [Fault], code: String, _ words: (Fault) -> String
  ) -> [ArchiveNote] {
    var notes: [ArchiveNote] = []
    for fault in found.prefix(named) {
      notes.add(
        .warning, code: code, message: words(fault),
        remedy: "the numbers read from there may be wrong: save or export the model again")
    }
    if found.count > named {
      notes.add(
        .warning, code: code, message: "the same is so of \(found.count - named) more tensors")
    }
    return notes
  }
}
