"""Writes a small TensorFlow Lite model for each operator, and what its interpreter computes.

usage: tflite_operators.py OUT

Wants tensorflow-cpu 2.15.1 and onnx 1.16.2. The file is of the node tests' form
(Tests/Conformance/cases.py), its models of TensorFlow Lite's. The interpreter's own kernels compute
them. Each model must hold the operator that it is named after.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow.lite.python import schema_py_generated as schema  # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Conformance"))
from cases import values  # noqa: E402

NUMBERS = np.array(
    [[-2.5, -1.5, -0.5, 0.25, 0.5], [1.5, 2.5, 3.75, -0.75, 6.5], [0.5, -7.25, 0.75, 9, -1]],
    np.float32)
OTHERS = np.array(
    [[1.5, -2, 0.5, 0.75, -3], [-1.5, 2, -0.25, 2.5, 4], [0.5, 3, -0.75, -2, -1]], np.float32)
POSITIVE = np.abs(NUMBERS) + 0.125
WHOLE = np.array([[7, -7, 6, 0, -9], [5, 3, -3, 2, 1]], np.int32)
DIVISORS = np.array([[2, 2, -3, 4, -4], [-5, 2, 2, 3, 7]], np.int32)
TRUE = NUMBERS > 0
ALSO = OTHERS > 0


def unary(function):
    return function, [NUMBERS]


# By the operator's name: a function and its inputs.
CASES = {
    "ADD": (lambda a, b: a + b, [NUMBERS, OTHERS]),
    "SUB": (lambda a, b: a - b, [NUMBERS, OTHERS]),
    "MUL": (lambda a, b: a * b, [NUMBERS, OTHERS]),
    "DIV": (lambda a, b: a / b, [NUMBERS, OTHERS]),
    "ADD_N": (lambda a, b: tf.add_n([a, b, a]), [NUMBERS, OTHERS]),
    "FLOOR": unary(tf.floor),
    "CEIL": unary(tf.math.ceil),
    "ROUND": unary(tf.round),
    "ABS": unary(tf.abs),
    "NEG": unary(tf.negative),
    "SIGN": unary(tf.sign),
    "EXP": unary(tf.exp),
    "SIN": unary(tf.sin),
    "COS": unary(tf.cos),
    "TANH": unary(tf.tanh),
    "LOGISTIC": unary(tf.sigmoid),
    "RELU": unary(tf.nn.relu),
    "RELU6": unary(tf.nn.relu6),
    "RELU_N1_TO_1": unary(lambda x: tf.maximum(-1.0, tf.minimum(x, 1.0))),
    "LEAKY_RELU": unary(lambda x: tf.nn.leaky_relu(x, 0.3)),
    "PRELU": unary(lambda x: tf.nn.relu(x) + -np.array([0.1, 0.2, 0.3, 0.4, 0.5], np.float32)
                   * tf.nn.relu(-x)),
    "ELU": unary(tf.nn.elu),
    "HARD_SWISH": unary(lambda x: x * tf.nn.relu6(x + 3) * np.float32(1 / 6)),
    "GELU": unary(lambda x: tf.nn.gelu(x)),
    "LOG": (tf.math.log, [POSITIVE]),
    "SQRT": (tf.sqrt, [POSITIVE]),
    "RSQRT": (tf.math.rsqrt, [POSITIVE]),
    "SQUARE": unary(tf.square),
    "SQUARED_DIFFERENCE": (tf.math.squared_difference, [NUMBERS, OTHERS]),
    "POW": (tf.pow, [POSITIVE, OTHERS]),
    "MAXIMUM": (tf.maximum, [NUMBERS, OTHERS]),
    "MINIMUM": (tf.minimum, [NUMBERS, OTHERS]),
    "FLOOR_DIV": (tf.math.floordiv, [NUMBERS, OTHERS]),
    "FLOOR_DIV-int32": (tf.math.floordiv, [WHOLE, DIVISORS]),
    "FLOOR_MOD": (tf.math.floormod, [NUMBERS, OTHERS]),
    "FLOOR_MOD-int32": (tf.math.floormod, [WHOLE, DIVISORS]),
    "LESS": (tf.less, [NUMBERS, OTHERS]),
    "LESS_EQUAL": (tf.less_equal, [NUMBERS, OTHERS]),
    "GREATER": (tf.greater, [NUMBERS, OTHERS]),
    "GREATER_EQUAL": (tf.greater_equal, [NUMBERS, OTHERS]),
    "EQUAL": (tf.equal, [WHOLE, DIVISORS]),
    "NOT_EQUAL": (tf.not_equal, [WHOLE, DIVISORS]),
    "LOGICAL_AND": (tf.logical_and, [TRUE, ALSO]),
    "LOGICAL_OR": (tf.logical_or, [TRUE, ALSO]),
    "LOGICAL_NOT": (tf.logical_not, [TRUE]),
    "SOFTMAX": unary(tf.nn.softmax),
    "LOG_SOFTMAX": unary(tf.nn.log_softmax),
    "MEAN": unary(lambda x: tf.reduce_mean(x, 1)),
    "SUM": unary(lambda x: tf.reduce_sum(x, 0, keepdims=True)),
    "REDUCE_PROD": unary(lambda x: tf.reduce_prod(x, 1)),
    "REDUCE_MAX": unary(lambda x: tf.reduce_max(x, [0, 1])),
    "REDUCE_MIN": unary(lambda x: tf.reduce_min(x, -1)),
    "REDUCE_ANY": (lambda x: tf.reduce_any(x, 1), [TRUE]),
    "REDUCE_ALL": (lambda x: tf.reduce_all(x, 0), [TRUE]),
    "ARG_MAX": unary(lambda x: tf.argmax(x, -1)),
    "ARG_MAX-int32": unary(lambda x: tf.argmax(x, 0, tf.int32)),
    "ARG_MIN": unary(lambda x: tf.argmin(x, 1)),
    "TOPK_V2": unary(lambda x: tf.math.top_k(x, 3)),
    "ONE_HOT": (lambda x: tf.one_hot(x, 5, 2.0, -1.0), [WHOLE]),
    "ONE_HOT-axis": (lambda x: tf.one_hot(x, 4, axis=0), [WHOLE]),
    "WHERE": (lambda x: tf.where(x), [TRUE]),
    "SELECT_V2": (lambda c, a, b: tf.where(c, a, b[:1]), [TRUE, NUMBERS, OTHERS]),
    "CUMSUM": unary(lambda x: tf.cumsum(x, 1)),
    "CUMSUM-reverse": unary(lambda x: tf.cumsum(x, 0, exclusive=True, reverse=True)),
    "REVERSE_V2": unary(lambda x: tf.reverse(x, [1])),
    "PAD": unary(lambda x: tf.pad(x, [[1, 0], [0, 2]])),
    "PADV2": unary(lambda x: tf.pad(x, [[0, 1], [2, 0]], constant_values=-3.0)),
    "SPLIT": unary(lambda x: tf.split(x, 3, 0)),
    "SPLIT_V": unary(lambda x: tf.split(x, [1, 3, 1], 1)),
    "PACK": (lambda a, b: tf.stack([a, b], 1), [NUMBERS, OTHERS]),
    "UNPACK": unary(lambda x: tf.unstack(x, axis=1)),
    "CONCATENATION": (lambda a, b: tf.concat([a, b], 1), [NUMBERS, OTHERS]),
    "TRANSPOSE": unary(lambda x: tf.transpose(x)),
    "TILE": unary(lambda x: tf.tile(x, [2, 1])),
    "GATHER": unary(lambda x: tf.gather(x, [2, 0], axis=1)),
    "GATHER-batched": (
        lambda x, i: tf.gather(x, i, axis=1, batch_dims=1),
        [NUMBERS, np.array([[0, 4], [3, 3], [1, 2]], np.int32)]),
    "GATHER_ND": unary(lambda x: tf.gather_nd(x, [[0, 1], [2, 4]])),
    "SCATTER_ND": (
        lambda u: tf.scatter_nd([[1], [3], [1]], u, [5, 5]), [NUMBERS]),
    "STRIDED_SLICE": unary(lambda x: x[0:3:2, 1]),
    "STRIDED_SLICE-back": unary(lambda x: x[::-1, 4:0:-2]),
    "SLICE": unary(lambda x: tf.slice(x, [1, 0], [2, 3])),
    "EXPAND_DIMS": unary(lambda x: tf.exp(tf.expand_dims(tf.tanh(x), 1))),
    "CAST": unary(lambda x: tf.cast(x, tf.int32)),
    "CAST-bool": (lambda x: tf.cast(x, tf.float32), [TRUE]),
    "FILL": (lambda x: tf.fill(tf.shape(x)[:1], x[0, 0]), [NUMBERS]),
    "SHAPE": unary(lambda x: tf.shape(x)),
    "ZEROS_LIKE": unary(lambda x: tf.zeros_like(x) + x),
    "L2_NORMALIZATION": unary(lambda x: tf.math.l2_normalize(x, -1)),
    "BATCH_MATMUL": (
        lambda a, b: tf.matmul(a, b, transpose_b=True),
        [NUMBERS.reshape(3, 1, 5), OTHERS.reshape(3, 1, 5)]),
    "FULLY_CONNECTED": unary(lambda x: tf.nn.relu(
        tf.matmul(x, np.ones((5, 4), np.float32)) + np.arange(4, dtype=np.float32))),
    "BATCH_MATMUL-batched": (
        lambda a, b: tf.matmul(a, b), [NUMBERS.reshape(3, 1, 5), OTHERS.reshape(3, 5, 1)]),
    "MIRROR_PAD": unary(lambda x: tf.pad(x, [[1, 1], [2, 2]], "REFLECT")),
    "L2_NORMALIZATION-small": (lambda x: tf.math.l2_normalize(x, -1), [NUMBERS * np.float32(1e-7)]),
    "RANGE": (
        lambda x: tf.range(x[0], x[1], x[2]), [np.array([3, 20, 4], np.int32)]),
    "CUMSUM-mask": (
        lambda x: tf.cast(tf.cumsum(x, 1) * x, tf.int64), [np.array([[1, 1, 1, 0, 0]], np.int32)]),
}


def names(content):
    made = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    known = {code: name for name, code in vars(schema.BuiltinOperator).items() if name[0] != "_"}
    codes = [max(c.builtinCode, c.deprecatedBuiltinCode) for c in made.operatorCodes]
    return [known[codes[node.opcodeIndex]] for node in made.subgraphs[0].operators]


def converted(function, inputs):
    # The first axis is open, so that what depends on it is not computed by the converter.
    given = [
        tf.TensorSpec([None, *x.shape[1:]], x.dtype, name=f"x{place}")
        for place, x in enumerate(inputs)
    ]

    @tf.function(input_signature=given)
    def run(*values):
        result = function(*values)
        parts = result if isinstance(result, (list, tuple)) else [result]
        return {f"y{place}": part for place, part in enumerate(parts)}

    return tf.lite.TFLiteConverter.from_concrete_functions([run.get_concrete_function()]).convert()


def recorded(content, inputs):
    interpreter = tf.lite.Interpreter(
        model_content=content, num_threads=1,
        experimental_op_resolver_type=(
            tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES),
    )
    details = interpreter.get_input_details()
    order = [int(detail["name"].split(":")[0].split("_")[-1][1:]) for detail in details]
    for detail, place in zip(details, order):
        interpreter.resize_tensor_input(detail["index"], inputs[place].shape)
    interpreter.allocate_tensors()
    for detail, place in zip(details, order):
        interpreter.set_tensor(detail["index"], inputs[place])
    interpreter.invoke()
    outputs = [interpreter.get_tensor(d["index"]) for d in interpreter.get_output_details()]
    return [inputs[place] for place in order], outputs


def main():
    with open(sys.argv[1], "wb") as file:
        for name, (function, inputs) in CASES.items():
            try:
                content = converted(function, inputs)
            except Exception as error:
                print(f"{name}: not converted: {str(error).splitlines()[0][:120]}", file=sys.stderr)
                continue
            found = names(content)
            if name.split("-")[0] not in found:
                print(f"{name}: became {found}", file=sys.stderr)
                continue
            data = values([recorded(content, inputs)]).SerializeToString(deterministic=True)
            head = f"{name} 1e-6 1e-6 {len(content)} {len(data)} 1\n"
            file.write(head.encode() + content + data)


if __name__ == "__main__":
    main()
