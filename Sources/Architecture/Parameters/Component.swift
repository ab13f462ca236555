/// The part of the model that a parameter belongs to, as reports count them.
package enum Component: String, CaseIterable, Sendable {
  case embeddings
  case projection
  case encoder
  case pooler
  case mlmHead = "mlm_head"
  case sopHead = "sop_head"
  case taskHead = "task_head"
}
