internal import AlbertArchitecture

/// Something that the masked-LM head computes by as the rest of the model does, or otherwise.
struct SharedSetting<Value: Hashable & Sendable>: Sendable {
  let code: Diagnosis.Code
  /// Where a model has it.
  let path: ModelPath<Value>
  /// Where its masked-LM head does.
  let pathOfHead: ModelPath<Value>
  /// What messages call it: of the whole model, of all but the head, of the head.
  let names: (all: String, body: String, head: String)
  /// What messages call a value.
  let words: @Sendable (Value) -> String

  /// Other values everywhere, in `body` alone, or in the head alone.
  func candidates(_ values: [Value], _ body: Set<ModelRegion>, in scope: Scope) -> [Defect] {
    let (own, ownOfHead) = (scope.model[keyPath: path], scope.model[keyPath: pathOfHead])
    return values.flatMap { other in
      var result: [Defect] = []
      func add(
        _ name: String, _ own: Value, _ regions: Set<ModelRegion>,
        _ paths: [ModelPath<Value>]
      ) {
        let statement = statement(name, own, other, scope.side)
        result.append(
          Defect(code, statement, regions: regions, paths.map { .set($0, other) }))
      }
      if other != own {
        add(names.all, own, body.union([.mlm]), [path, pathOfHead])
        if scope.golden?[.predictionLogits] != nil { add(names.body, own, body, [path]) }
      }
      if scope.uses(.mlm), other != ownOfHead { add(names.head, ownOfHead, [.mlm], [pathOfHead]) }
      return result
    }
  }

  /// What would put it right, which shows first at `stage`.
  func corrections(
    of subject: EditedModel, to reference: EditedModel, from stage: Stage
  ) -> [Correction] {
    let own = (model: subject[keyPath: path], head: subject[keyPath: pathOfHead])
    let other = (model: reference[keyPath: path], head: reference[keyPath: pathOfHead])
    let setsHead = Edit.set(pathOfHead, other.head)
    var result: [Correction] = []
    if own.model != other.model {
      // The head's follows it unless it was set apart.
      result.append(
        Correction(
          code: code, stage: stage,
          statement: statement(own.model, other.model, .reference),
          edits: (own.head == own.model ? [setsHead] : []) + [.set(path, other.model)]))
    }
    if own.head != other.head, own.head != own.model || own.model == other.model {
      result.append(
        Correction(
          code: code, stage: .predictionLogits,
          statement: statement(names.head, own.head, other.head, .reference), edits: [setsHead]))
    }
    return result
  }

  /// What is said of another value everywhere.
  func statement(_ own: Value, _ other: Value, _ side: Side) -> Statement {
    statement(names.all, own, other, side)
  }

  private func statement(_ name: String, _ own: Value, _ other: Value, _ side: Side) -> Statement {
    .whole("\(name) is \(words(own)), \(side.possessive) \(words(other))")
  }
}
