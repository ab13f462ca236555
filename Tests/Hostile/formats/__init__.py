"""How files are changed with knowledge of their structure: what stays wrong is one thing, not the
checksum that hides it."""
import warnings

from formats import archives, hdf5, jsons, msgpack, numpys, pickles, plain, protobuf, safetensors, tables

# A member may be there twice.
warnings.filterwarnings("ignore", module="zipfile")

# The first that claims a file changes it.
FORMATS = [safetensors, hdf5, archives, numpys, pickles, tables, jsons, msgpack, protobuf]


def mutate(data, random):
    """Changed bytes; now and then with no regard to the structure."""
    if data and random.random() > 0.15:
        for form in FORMATS:
            if form.claims(data):
                try:
                    return form.mutate(data, random)
                except Exception:  # Fixtures are malformed themselves, each in its way.
                    break
    return plain.mutate(data, random)
