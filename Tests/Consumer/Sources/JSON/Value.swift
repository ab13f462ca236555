/// A type of the user's own in a module whose name is a folder of AlbertKit's too.
public enum Value {
  case text(String)
}
