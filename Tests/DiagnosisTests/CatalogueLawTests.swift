import AlbertArchitecture
import AlbertBytes
import AlbertReferenceModel
import AlbertTensors
import AlbertTestModels
import Testing

@testable import AlbertDiagnosis

/// What holds for every kind of the catalogue, without being told which there are: its edits can be
/// taken back, and both kinds of evidence name it.
@Suite("Law of the catalogue")
struct CatalogueLawTests {
  private func sound(_ name: String) throws -> EditedModel {
    EditedModel(try Fixtures.model("\(name)/hf").model)
  }

  /// What a model computes on inputs with padding and both segments.
  private func golden(_ model: EditedModel) throws -> GoldenOutputs {
    let inputs = try diagnosisInputs(model.config)
    let read = try model.reading(inputs, vocabulary: model.config.vocabSize)
    var outputs = try ReferenceModel(model, masking: model.masking).forward(read)
    if let head = model.head, let last = outputs.first(where: { $0.stage == .lastHiddenState }) {
      let own = try ReferenceModel(head).forward(read, from: last, stages: [.predictionLogits])
      outputs = outputs.filter { $0.stage != .predictionLogits } + own
    }
    let known = Dictionary(uniqueKeysWithValues: outputs.map { ($0.stage, $0) })
    return GoldenOutputs(known.mapValues(\.shape), inputs, model) {
      known[$0].map(ExpectedStage.init)
    }
  }

  /// Every defect that may be in some step of a model.
  private func defects(_ model: EditedModel) throws -> [Defect] {
    let golden = try golden(model)
    var known: [Defect] = []
    for step in Step.all(golden, model) {
      for defect in Scope(model: model, focus: .step(step, golden)).candidates
      where !known.contains(where: { $0.edits == defect.edits }) {
        known.append(defect)
      }
    }
    return known
  }

  private func evidence(_ subject: EditedModel, _ reference: EditedModel) throws -> WeightEvidence {
    let mine = ParameterSpec.all(subject.config, subject.contents)
    let differences = ParameterSpec.all(reference.config, reference.contents)
      .filter { mine.contains($0) }.map { spec -> ParameterDifference in
        let (one, two) = (
          subject.values(of: spec.parameter), reference.values(of: spec.parameter)
        )
        let error = zip(one, two).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let size = two.reduce(0) { $0 + $1 * $1 }
        return ParameterDifference(
          spec.parameter, isDifferent: one != two, isComparable: error.isFinite,
          relL2: size > 0 ? (error / size).squareRoot() : error > 0 ? 1 : 0)
      }
    return WeightEvidence(
      subject, reference, differences, probe: try diagnosisInputs(reference.config))
  }

  @Test("Each code stands for one kind")
  func codes() {
    let codes = Diagnosis.Code.allCases
    #expect(DefectCatalogue.kinds.count == 24 && Set(codes).count == codes.count)
    #expect(codes.allSatisfy { !$0.rawValue.isEmpty })
  }

  @Test("An inverse restores every byte and setting", arguments: Draft.names)
  func inverses(_ name: String) throws {
    let model = try sound(name)
    var all = try defects(model).filter { $0.code != .precisionLoss }
    for spec in ParameterSpec.all(model.config, model.contents) {
      var spoiled = model
      spoiled.apply(.change(spec.parameter, .negated))
      let parameter = DifferingParameter(spec.parameter, in: try evidence(spoiled, model))
      let heads = [model.config.numAttentionHeads]
      all += Scope(model: model, focus: .parameter(parameter, heads: heads)).candidates
    }
    var restored: Set<Diagnosis.Code> = []
    for defect in all {
      var (edited, back) = (model, [Edit]())
      for edit in defect.edits {
        guard let inverse = edit.inverse(in: edited) else { break }
        back.insert(inverse, at: 0)
        edited.apply(edit)
      }
      guard back.count == defect.edits.count else { continue }
      let again = edited.applying(back)
      restored.insert(defect.code)
      #expect(again.config == model.config && again.contents == model.contents)
      #expect(again.reading == model.reading && again.headActivation == model.headActivation)
      #expect(again.masking == model.masking)
      for parameter in defect.edits.flatMap(\.parameters)
      where model.contents.contains(parameter.role) {
        let (type, now) = (model.elementType(of: parameter), again.elementType(of: parameter))
        let isEqual = model.withBytes(of: parameter) { old in
          again.withBytes(of: parameter) { old.isEqual(to: $0) }
        }
        #expect(type == now && isEqual, "\(defect.code) of \(parameter)")
      }
    }
    // Zeros, rounded numbers and what is absent cannot be restored; weights do not show the rest.
    let lossy: [Diagnosis.Code] = [
      .biasMissing, .zeroed, .precisionLoss, .notLoaded, .retrained, .untiedDecoder, .groupMap,
    ]
    #expect(
      restored.union(lossy).isSuperset(of: DefectCatalogue.kinds.map { $0.code }), "\(restored)")
  }

  @Test("Outputs name what they show", arguments: Draft.names)
  func outputs(_ name: String) throws {
    let model = try sound(name)
    let own = try golden(model)
    var named: Set<Diagnosis.Code> = []
    for (code, candidates) in Dictionary(grouping: try defects(model), by: \.code) {
      // The first that has an effect, and where there are more the last.
      var seen = 0
      for defect in candidates.prefix(2) + candidates.suffix(1) where seen < 2 {
        let recorded = try golden(model.applying(defect.edits))
        let isSeen = zip(own.entries, recorded.entries).contains { $0.values != $1.values }
        guard isSeen else { continue }
        let found = OutputEvidence(model, recorded).diagnose().diagnoses
        // An epsilon too small for float64 to show, and no known defect besides, is none.
        guard !found.isEmpty || code != .layerNormEpsilon else { continue }
        seen += 1
        #expect(found.first?.code == code, "\(defect): \(found)")
        named.insert(code)
      }
    }
    let others: [Diagnosis.Code] = [
      .byteSwapped, .untiedDecoder, .notLoaded, .retrained, .groupMap,
    ]
    #expect(named.union(others).isSuperset(of: DefectCatalogue.kinds.map { $0.code }), "\(named)")
  }

  @Test("Weights name the same defects by the same words", arguments: Draft.names)
  func weights(_ name: String) throws {
    let model = try sound(name)
    var named: Set<Diagnosis.Code> = []
    for (code, candidates) in Dictionary(grouping: try defects(model), by: \.code) {
      for defect in candidates.prefix(1) + candidates.suffix(1) {
        let edited = model.applying(defect.edits)
        // What is the subject's own fault is there the other way round.
        let isOther = defect.statement.names.isEmpty || defect.statement.owner != .subject
        guard edited.reading == model.reading, edited.masking == model.masking,
          edited.head == nil, edited.contents == model.contents, isOther
        else { continue }
        let found = try evidence(edited, model).diagnose()
        // What is absent is zero where numbers are known.
        let expected = code == .biasMissing ? Diagnosis.Code.zeroed : code
        guard !found.isEmpty || code != .layerNormEpsilon else { continue }
        #expect(found.first?.code == expected, "\(defect): \(found)")
        named.insert(code)
        let name = defect.parameter?.words(in: model.config)
        // What concerns every block is said of each.
        if code != .biasMissing, let name, defect.statement.names.first == name {
          #expect(found.first?.message.contains(name) == true, "\(found)")
        }
      }
    }
    let others: [Diagnosis.Code] = [
      .byteSwapped, .maskIgnored, .maskMisapplied, .segmentsIgnored, .untiedDecoder, .notLoaded,
      .retrained,
      .groupMap,
      .vocabularyRows,
    ]
    #expect(named.union(others).isSuperset(of: DefectCatalogue.kinds.map { $0.code }), "\(named)")
  }

  @Test("A relation gives the numbers that its edits do", arguments: Draft.names)
  func relations(_ name: String) throws {
    let model = try sound(name)
    for spec in ParameterSpec.all(model.config, model.contents) {
      var spoiled = model
      spoiled.apply(.change(spec.parameter, .negated))
      let parameter = DifferingParameter(spec.parameter, in: try evidence(spoiled, model))
      let scope = Scope(
        model: model, focus: .parameter(parameter, heads: [model.config.numAttentionHeads]))
      let numbers = model.values(of: spec.parameter)
      for defect in scope.candidates {
        let isOrder = defect.numberOrder != nil
        let relation = Relation(
          spec.parameter, order: isOrder ? defect : nil, change: isOrder ? nil : defect)
        let edited = model.applying(defect.edits).values(of: spec.parameter)
        let isEqual = edited.indices.allSatisfy { index in
          let value = relation.value(at: index) { numbers[$0] }
          return value == edited[index] || (value?.isNaN == true && edited[index].isNaN)
        }
        #expect(isEqual, "\(defect.code) of \(spec.name)")
      }
    }
  }
}
