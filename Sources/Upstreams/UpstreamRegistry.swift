internal import Albert

/// All publishers, and the search for the one whose names a file bears.
public enum UpstreamRegistry {
  /// One line per publisher; of two that explain a file equally well the first counts.
  public static let upstreams: [any Upstream.Type] = [
    Native.self,
    HuggingFace.self,
    TFHub.self,
    GoogleTF1.self,
  ]

  /// The word for this project's own native files.
  public static let native = Native.name

  /// A publisher's table that fits a file, and where.
  public struct Candidate: Sendable {
    /// The publisher.
    public let upstream: any Upstream.Type
    /// The table that fits.
    public let table: NameTable
    /// Where its names begin.
    public let place: NamePlace
    /// Groups and inner layers that the names show.
    public let groups: Int
    /// Inner layers per group that the names show.
    public let innerLayers: Int
    /// How many of the file's names the table explains.
    public let explained: Int

    /// Every name that may occur, and what it stands for.
    public func meanings(groups: Int, innerLayers: Int) -> [String: NameTable.Meaning] {
      table.expand(groups: groups, innerLayers: innerLayers, place: place)
    }
  }

  /// The tables that fit a file's names, best first: at most one for each place in the file.
  ///
  /// `native` says whether the file is one of this project's own, which nothing but its metadata
  /// tells: its names are Hugging Face's.
  public static func candidates(for names: Set<String>, native: Bool) -> [Candidate] {
    var best: [String: Candidate] = [:]
    for upstream in upstreams where (upstream.name == self.native) == native {
      for table in upstream.tables {
        for place in table.places(in: names) {
          if let required = upstream.requiredPrefix, required != place.prefix { continue }
          let (groups, inner) = table.blocks(in: names, place: place)
          let meanings = table.expand(groups: groups, innerLayers: inner, place: place)
          let explained = names.count { meanings[$0] != nil }
          let candidate = Candidate(
            upstream: upstream, table: table, place: place, groups: groups, innerLayers: inner,
            explained: explained)
          // The same word embeddings seen by two tables are one place.
          let anchor = table.anchor.map {
            table.name($0.template, group: 0, inner: 0, innerLayers: 1, place: place)
          }
          let key = anchor ?? place.prefix
          if let rival = best[key], rival.explained >= explained { continue }
          best[key] = candidate
        }
      }
    }
    return best.values.sorted {
      ($1.explained, $0.place.prefix) < ($0.explained, $1.place.prefix)
    }
  }
}
