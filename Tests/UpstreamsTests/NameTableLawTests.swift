import AlbertArchitecture
import AlbertTensors
import Testing
import AlbertUpstreams

/// One table of one publisher.
struct PublishedTable: CustomTestStringConvertible, Sendable {
  let upstream: any Upstream.Type
  let table: NameTable
  let number: Int
  let isBackboneOnly: Bool

  var testDescription: String { "\(upstream.name), table \(number)" }

  static let all: [PublishedTable] = UpstreamRegistry.upstreams.flatMap { upstream in
    let tables = upstream.tables.map { ($0, false) } + upstream.backboneTables.map { ($0, true) }
    return tables.enumerated().map {
      PublishedTable(
        upstream: upstream, table: $0.element.0, number: $0.offset, isBackboneOnly: $0.element.1)
    }
  }

  /// Whether its names tell so many groups and inner layers apart.
  func holds(groups: Int, inner: Int) -> Bool {
    func tells(_ marks: String...) -> Bool {
      table.rows.contains { row in marks.contains { row.template.contains($0) } }
    }
    return (groups == 1 || tells("{group}", "{_group}", "{block}"))
      && (inner == 1 || tells("{inner}", "{_inner}", "{block}"))
  }

  /// Whether the words are widened before anything else, so that there is no projection after it.
  var hasNoProjection: Bool {
    table.rows.contains { $0.target == .buffer(WordFactors.meaning) }
  }

  /// The roles that have a name of their own, or stand under that of a copy.
  var roles: Set<ParameterRole> {
    Set(hasNoProjection ? [.projectionWeight, .projectionBias] : []).union(
      table.rows.compactMap { row in
        switch row.target {
        case .parameter(let role): role
        case .copy(let role, _): role
        case .buffer: nil
        }
      })
  }

  /// A place at which the publisher's files may have it.
  var place: NamePlace {
    let scope = table.rows.contains { $0.template.contains("{scope}") } ? "tf_albert_model" : ""
    let prefixes = ["", "module/", "inner/", "net.inner."]
    let prefix = prefixes.first { upstream.mayOccur(prefix: $0, format: "any") } ?? ""
    return NamePlace(prefix: prefix, scope: scope)
  }
}

/// A config on which the laws must hold.
struct LawConfig: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let config: AlbertConfig

  init(_ name: String, groups: Int, inner: Int, embedding: Int = 4) {
    testDescription = name
    var config = AlbertConfig(
      vocabSize: 10, embeddingSize: embedding, hiddenSize: 8, intermediateSize: 12,
      maxPositionEmbeddings: 6, typeVocabSize: 2, numHiddenLayers: 6, numHiddenGroups: groups,
      innerGroupNum: inner, numAttentionHeads: 2, hiddenAct: .geluTanh)
    config.numLabels = 3
    self.config = config
  }

  static let all = [
    LawConfig("1x1", groups: 1, inner: 1), LawConfig("2x2", groups: 2, inner: 2),
    LawConfig("3x1", groups: 3, inner: 1), LawConfig("1x3", groups: 1, inner: 3),
    LawConfig("E = H", groups: 1, inner: 1, embedding: 8),
  ]
}

/// Every name table is a dictionary that can be read both ways, for any model it can hold.
@Suite struct NameTableLawTests {
  /// Every selection of heads that some publisher's file may have.
  static let contents: [ModelContents] = {
    let heads: [(Bool, Bool)] = [(false, false), (true, false), (true, true)]
    let tasks: [TaskHead?] = [nil] + TaskHead.allCases
    return [true, false].flatMap { pooler in
      heads.flatMap { mlm, sop in
        tasks.map { ModelContents(pooler: pooler, mlm: mlm, sop: sop, taskHead: $0) }
      }
    }
  }()

  /// Publishers whose code has no pooler.
  static let withoutPooler = ["bert-for-tf2"]

  /// What optimizers append to a variable's name, TensorFlow's own and others.
  static let slots = [
    "adam_m", "lamb_v", "Adam_1", "RMSProp", "RMSProp_1", "Ftrl", "Adadelta_1", "AdamW/m",
    "ExponentialMovingAverage",
  ]

  /// The parameters of a model and their names by a table.
  private func names(
    _ table: NameTable, _ specs: [ParameterSpec], _ config: AlbertConfig, _ place: NamePlace
  ) -> [(spec: ParameterSpec, row: NameTable.Row, name: String)] {
    specs.flatMap { spec in
      table.rows.filter { $0.target == .parameter(spec.parameter.role) }.map { row in
        (
          spec, row,
          table.name(
            row, group: spec.parameter.group, inner: spec.parameter.inner,
            innerLayers: config.innerGroupNum, place: place)
        )
      }
    }
  }

  private func holds(_ published: PublishedTable, _ contents: ModelContents) -> Bool {
    ParameterRole.allCases.filter(contents.contains).allSatisfy(published.roles.contains)
  }

  @Test(arguments: PublishedTable.all, LawConfig.all)
  func isTotalInjectiveAndInvertible(_ published: PublishedTable, _ law: LawConfig) throws {
    let config = law.config
    guard published.holds(groups: config.numHiddenGroups, inner: config.innerGroupNum) else {
      return
    }
    let place = published.place
    let lookup = published.table.expand(
      groups: config.numHiddenGroups, innerLayers: config.innerGroupNum, place: place)
    var held = 0
    for contents in Self.contents where holds(published, contents) {
      held += 1
      let specs = ParameterSpec.all(config, contents).filter { spec in
        !(published.hasNoProjection && spec.parameter.role.component == .projection)
      }
      let named = names(published.table, specs, config, place)
      // Total: one name each.
      #expect(named.count == specs.count)
      #expect(Set(named.map(\.spec.parameter)).count == specs.count)
      // Injective: no name twice.
      #expect(Set(named.map(\.name)).count == named.count)
      for (spec, row, name) in named {
        // The inverse after forward is the identity, and the layout fits the shape.
        #expect(lookup.purpose(of: name) == .parameter(spec.parameter, row.layout))
        let stored = row.layout.storedShape(of: spec.shape, heads: config.numAttentionHeads)
        let padding = row.layout == .afterPaddingRow ? spec.shape.dimensions[1] : 0
        #expect(stored?.count == spec.shape.count + padding)
      }
    }
    // Every file has at least the encoder, with its pooler where the code has one.
    #expect(held > 0)
    var least = ModelContents.backbone
    least.pooler = !Self.withoutPooler.contains(published.upstream.name)
    #expect(holds(published, least))
  }

  @Test(arguments: PublishedTable.all) func hasNoDeadRow(_ published: PublishedTable) throws {
    let table = published.table
    let place = published.place
    let lookup = table.expand(groups: 1, innerLayers: 1, place: place)
    for row in table.rows {
      let name = table.name(row, place: place)
      let expected: TensorPurpose =
        switch row.target {
        case .parameter(let role): .parameter(Parameter(role), row.layout)
        case .copy(let role, let yields): .copy(of: Parameter(role), row.layout, yields: yields)
        case .buffer(let what): .buffer(what)
        }
      #expect(lookup.purpose(of: name) == expected, "\(name) is another row's")
    }
    #expect(lookup.known.count == table.rows.count + table.buffers.count)
    // Copies repeat what the table names itself; only the decoder may have no name of its own.
    let own = Set(table.rows.map(\.template))
    #expect(own.count == table.rows.count)
  }

  /// A file with a table's names is recognised as its publisher's, at its place, with its blocks.
  @Test(arguments: PublishedTable.all, LawConfig.all)
  func isRecognisedByItsNames(_ published: PublishedTable, _ law: LawConfig) throws {
    let config = law.config
    guard published.holds(groups: config.numHiddenGroups, inner: config.innerGroupNum),
      !published.isBackboneOnly
    else { return }
    let place = published.place
    let contents = try #require(Self.contents.last { holds(published, $0) })
    let specs = ParameterSpec.all(config, contents)
    let named = names(published.table, specs, config, place)
    let shapes = named.map { named in
      named.row.layout.storedShape(of: named.spec.shape, heads: config.numAttentionHeads)
        ?? Shape([])
    }
    let names = FileNames(named.map(\.name) + published.table.buffers.keys, shapes: shapes)
    let format = published.upstream.name == UpstreamRegistry.native ? "native" : "any"
    let found = UpstreamRegistry.candidates(for: names, format: format)
    let candidate = try #require(found.first)
    #expect(found.count == 1)
    #expect(candidate.upstream.name == published.upstream.name)
    #expect(candidate.place == place)
    #expect(candidate.hasBlocks)
    #expect(candidate.explained == names.all.count)
    if candidate.dividesBlocks {
      #expect(candidate.groups == config.numHiddenGroups)
      #expect(candidate.innerLayers == config.innerGroupNum)
    } else {
      #expect(candidate.groups == config.numHiddenGroups * config.innerGroupNum)
    }
    let lookup = candidate.lookup(
      groups: config.numHiddenGroups, innerLayers: config.innerGroupNum)
    for (spec, row, name) in self.names(published.table, specs, config, place) {
      #expect(lookup.purpose(of: name) == .parameter(spec.parameter, row.layout))
    }
  }

  @Test(arguments: PublishedTable.all) func knowsTrainingState(_ published: PublishedTable) throws {
    let table = published.table
    let place = published.place
    let lookup = table.expand(groups: 1, innerLayers: 1, place: place)
    for row in table.rows {
      let name = table.name(row, place: place)
      let stem = name.dropLast(table.suffix.count)
      for slot in table.training.appendsSlots ? Self.slots : [] {
        #expect(lookup.purpose(of: stem + "/" + slot + table.suffix) == .training)
        #expect(lookup.purpose(of: "unknown/" + slot + table.suffix) == nil)
        // Some optimizers put their slots into a scope of their own; without a slot it is another model's.
        if stem.contains("/") {
          let inScope = "training/Adam/" + stem
          #expect(lookup.purpose(of: inScope + "/" + slot + table.suffix) == .training)
          #expect(lookup.purpose(of: inScope + table.suffix) == nil)
        }
      }
      if let mark = table.training.slotMark {
        #expect(lookup.purpose(of: stem + "/\(mark)/optimizer/m" + table.suffix) == .training)
        #expect(lookup.purpose(of: "unknown/\(mark)/optimizer/m" + table.suffix) == nil)
      }
    }
    for name in table.training.names {
      #expect(lookup.purpose(of: name) == .training)
      #expect(lookup.purpose(of: place.prefix + name + table.suffix) == .training)
    }
    #expect(lookup.purpose(of: "unknown" + table.suffix) == nil)
  }

  /// What each publisher's files can hold beside the encoder: no head may get lost from a table.
  @Test(arguments: [
    ("native", "mlm sop sequence_classification question_answering"),
    ("huggingface", "mlm sop sequence_classification question_answering"),
    ("huggingface-tf", "mlm sop sequence_classification question_answering"),
    ("huggingface-flax", "mlm sop sequence_classification question_answering"),
    ("google-tf1", "mlm sop sequence_classification question_answering"),
    ("tf-hub", "mlm sop sequence_classification question_answering"),
    ("keras-hub", "mlm sequence_classification"),
    ("tf-model-garden", "mlm"),
    ("rust-bert", "mlm sop sequence_classification question_answering"),
    ("paddlenlp", "mlm sop sequence_classification question_answering"),
    ("albert-pytorch", "mlm sop sequence_classification question_answering"),
    ("bert4torch", "mlm sop"),
    ("uer", "mlm sop sequence_classification"),
    ("bert4keras", "mlm sop"),
    ("kamalkraj", "mlm sop sequence_classification question_answering"),
    ("bert-for-tf2", ""),
    ("brightmart", "mlm sop sequence_classification question_answering"),
    ("albert-pytorch-bright", "sop sequence_classification question_answering"),
  ]) func holdsItsPublishersHeads(_ name: String, _ heads: String) throws {
    let upstream = try #require(UpstreamRegistry.upstreams.first { $0.name == name })
    let held = PublishedTable.all.filter { $0.upstream.name == upstream.name }
    for head in ["mlm", "sop", "sequence_classification", "question_answering"] {
      let contents = ModelContents(
        pooler: !Self.withoutPooler.contains(name), mlm: head == "mlm", sop: head == "sop",
        taskHead: TaskHead(rawValue: head))
      #expect(
        held.contains { holds($0, contents) }
          == heads.split(separator: " ").contains { $0 == head },
        "\(name): \(head)")
    }
  }
}
