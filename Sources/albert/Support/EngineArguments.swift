public import Albert
public import ArgumentParser
public import Verification

extension Engine: ExpressibleByArgument {}
extension Engines: ExpressibleByArgument {}
