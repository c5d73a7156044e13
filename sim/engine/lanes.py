"""Eight numbers at a time, with the bits that they have one by one.

A processor multiplies eight numbers as fast as one, if the code says that they do not wait for each other. Each lane
goes through the operations of a plain loop in their order, so that no bit depends on the width of a processor; one with
narrower registers takes the lanes in parts.

`exponential` and `logarithm` follow the method of Nagy (2018, Arm Optimized Routines), which the mathematical library
of Linux uses since glibc 2.28, down to where a product and a sum are rounded once. Their bits are those of `math.exp`
and `math.log` there, and the same elsewhere.
"""

import functools
import math
import operator

import numba
import numpy as np

from sim.engine.compiled import compiled

WIDTH = 8

_STEPS = 128  # parts of a power of two in the table
_LARGE = 512.0  # beyond which a power of e may leave the range of doubles
_PER_STEP = float.fromhex("0x1.71547652b82fep+7")  # 128 / ln 2
_TO_INTEGER = float.fromhex("0x1.8p+52")  # added to a number, leaves its integer part in the last bits
_STEP_HIGH, _STEP_LOW = float.fromhex("-0x1.62e42fefa0000p-8"), float.fromhex("-0x1.cf79abc9e3b3ap-47")  # -ln 2 / 128
_EXP = tuple(
    float.fromhex(text)
    for text in ("0x1.ffffffffffdbdp-2", "0x1.555555555543cp-3", "0x1.55555cf172b91p-5", "0x1.1111167a4d017p-7")
)
_NEAR_ONE = (1.0 - 2.0**-4, float.fromhex("0x1.108ffffffffffp+0"))  # where the series of a logarithm serves
_SPLIT = 2.0**27
_LOG = tuple(
    float.fromhex(text)
    for text in (
        *("-0x1p-1", "0x1.5555555555577p-2", "-0x1.ffffffffffdcbp-3", "0x1.999999995dd0cp-3", "-0x1.55555556745a7p-3"),
        *("0x1.24924a344de30p-3", "-0x1.fffffa4423d65p-4", "0x1.c7184282ad6cap-4", "-0x1.999eb43b068ffp-4"),
        *("0x1.78182f7afd085p-4", "-0x1.5521375d145cdp-4"),
    )
)


@functools.cache  # it takes a tenth of a second, which a start from compiled code has no need of
def _powers_of_two() -> tuple[np.ndarray, np.ndarray]:
    """2**(k/128) for k = 0..127: what the nearest double lacks, relative to it, and its bits less k at the exponent."""
    precision = 400
    lacks, bits = np.empty(_STEPS), np.empty(_STEPS, np.uint64)
    for k in range(_STEPS):
        root = 1 << (_STEPS * precision + k)
        for _ in range(7):
            root = math.isqrt(root)
        nearest = root / (1 << precision)
        top, bottom = nearest.as_integer_ratio()
        lacks[k] = (root * bottom - (top << precision)) / (top << precision)
        bits[k] = np.uint64((int(np.float64(nearest).view(np.uint64)) - (k << 45)) % 2**64)
    return lacks, bits


if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]  # numba sets it when it reads its environment

    def lanes_of(value):
        """One number in all lanes."""
        return np.full(WIDTH, value)

    def load(array, start, rest):
        """Lanes from a contiguous array, from place `start` on; `rest` beyond its end."""
        found = np.full(WIDTH, rest)
        part = array.reshape(-1)[start : start + WIDTH]
        found[: len(part)] = part
        return found

    def store(array, start, lanes):
        """Lanes into a contiguous array, from place `start` on, as far as it goes."""
        part = array.reshape(-1)[start : start + WIDTH]
        part[:] = lanes[: len(part)]

    def all_within(lanes, low, high):
        """Whether every lane lies between two numbers."""
        return bool(((lanes >= low) & (lanes <= high)).all())

    def filled(lanes, count, rest):
        """Lanes from number `count` on hold `rest`."""
        return np.where(np.arange(WIDTH) < count, lanes, rest)

    def larger_size(most, lanes):
        """The larger of `most` and the size of each lane, which is not a number if one of them is none."""
        return np.maximum(most, np.abs(lanes))

    def largest(lanes):
        """The largest lane, or what is not a number."""
        return lanes.max()

    def exponential(x):
        """e to the power of each lane."""
        with np.errstate(all="ignore"):
            return np.array([math.exp(value) if value < 709.0 else np.exp(value) for value in x])

    def logarithm(x):
        """The natural logarithm of each lane."""
        with np.errstate(all="ignore"):
            return np.array([math.log(value) if value > 0.0 else np.log(value) for value in x])

else:
    from llvmlite import ir
    from numba import types
    from numba.core import cgutils
    from numba.core.datamodel import models
    from numba.core.typeconv import Conversion
    from numba.extending import intrinsic, lower_builtin, lower_cast, register_model, type_callable

    _DOUBLE, _WORD = ir.DoubleType(), ir.IntType(64)
    _LANES, _WORDS = ir.VectorType(_DOUBLE, WIDTH), ir.VectorType(_WORD, WIDTH)

    class Lanes(types.Type):
        """The type of eight doubles side by side."""

        bitwidth = 64 * WIDTH

        def __init__(self):
            super().__init__("Lanes")

        def can_convert_from(self, typing_context, other):
            """A number stands in all lanes."""
            return Conversion.safe if isinstance(other, types.Number) else None

    @register_model(Lanes)
    class _LanesModel(models.PrimitiveModel):
        def __init__(self, manager, kind):
            super().__init__(manager, kind, _LANES)

    lanes_type = Lanes()

    def _spread(builder, value):
        """One number in all lanes."""
        first = builder.insert_element(ir.Constant(_LANES, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
        mask = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), [0] * WIDTH)
        return builder.shuffle_vector(first, ir.Constant(_LANES, ir.Undefined), mask)

    @lower_cast(types.Number, lanes_type)
    def _number_to_lanes(context, builder, kind, target, value):
        return _spread(builder, context.cast(builder, value, kind, types.float64))

    def _spread_word(builder, value):
        """One whole number in all lanes."""
        first = builder.insert_element(ir.Constant(_WORDS, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
        mask = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), [0] * WIDTH)
        return builder.shuffle_vector(first, ir.Constant(_WORDS, ir.Undefined), mask)

    def _call(builder, name, kind, *values):
        """A function of LLVM on vectors of eight."""
        function = builder.module.declare_intrinsic(name, (), ir.FunctionType(kind, [v.type for v in values]))
        return builder.call(function, values)

    def _on_two(symbol, result, combine):
        """Let a function work on lanes, and on lanes and a number."""

        @type_callable(symbol)
        def typer_of(context):
            def typer(a, b):
                if isinstance(a, Lanes) or isinstance(b, Lanes):
                    return result

            return typer

        for kinds in ((Lanes, Lanes), (Lanes, types.Number), (types.Number, Lanes)):

            @lower_builtin(symbol, *kinds)
            def lower(context, builder, signature, arguments):
                pair = zip(signature.args, arguments)
                return combine(builder, *(context.cast(builder, value, kind, lanes_type) for kind, value in pair))

    for _symbol, _combined in (
        (operator.add, lambda builder, a, b: builder.fadd(a, b)),
        (operator.sub, lambda builder, a, b: builder.fsub(a, b)),
        (operator.mul, lambda builder, a, b: builder.fmul(a, b)),
        (operator.truediv, lambda builder, a, b: builder.fdiv(a, b)),
    ):
        _on_two(_symbol, lanes_type, _combined)

    def _place(context, builder, kind, value, start):
        """Where in an array lanes begin, and which of them it has."""
        if kind.layout != "C":
            raise TypeError("lanes are those of a contiguous array")
        array = context.make_array(kind)(context, builder, value)
        size = ir.Constant(_WORD, 1)
        for length in cgutils.unpack_tuple(builder, array.shape, kind.ndim):
            size = builder.mul(size, length)
        left = _spread_word(builder, builder.sub(size, start))
        there = builder.icmp_signed("<", ir.Constant(_WORDS, list(range(WIDTH))), left)
        return builder.bitcast(builder.gep(array.data, [start]), _LANES.as_pointer()), there

    _ALIGNED = ir.Constant(ir.IntType(32), 8)

    @intrinsic
    def lanes_of(typing_context, value):
        """One number in all lanes."""

        def generate(context, builder, signature, arguments):
            return _spread(builder, arguments[0])

        return lanes_type(types.float64), generate

    @intrinsic
    def load(typing_context, array, start, rest):
        """Lanes from a contiguous array, from place `start` on; `rest` beyond its end."""

        def generate(context, builder, signature, arguments):
            place, there = _place(context, builder, signature.args[0], arguments[0], arguments[1])
            rest = _spread(builder, arguments[2])
            return _call(builder, "llvm.masked.load.v8f64.p0", _LANES, place, _ALIGNED, there, rest)

        return lanes_type(array, types.intp, types.float64), generate

    @intrinsic
    def store(typing_context, array, start, lanes):
        """Lanes into a contiguous array, from place `start` on, as far as it goes."""

        def generate(context, builder, signature, arguments):
            place, there = _place(context, builder, signature.args[0], arguments[0], arguments[1])
            _call(builder, "llvm.masked.store.v8f64.p0", ir.VoidType(), arguments[2], place, _ALIGNED, there)
            return context.get_dummy_value()

        return types.void(array, types.intp, lanes_type), generate

    @intrinsic
    def all_within(typing_context, lanes, low, high):
        """Whether every lane lies between two numbers."""

        def generate(context, builder, signature, arguments):
            lanes, low, high = arguments
            above = builder.fcmp_ordered(">=", lanes, _spread(builder, low))
            below = builder.fcmp_ordered("<=", lanes, _spread(builder, high))
            every = builder.bitcast(builder.and_(above, below), ir.IntType(WIDTH))
            return builder.icmp_unsigned("==", every, ir.Constant(ir.IntType(WIDTH), 2**WIDTH - 1))

        return types.boolean(lanes_type, types.float64, types.float64), generate

    @intrinsic
    def filled(typing_context, lanes, count, rest):
        """Lanes from number `count` on hold `rest`."""

        def generate(context, builder, signature, arguments):
            lanes, count, rest = arguments
            count = _spread_word(builder, count)
            there = builder.icmp_signed("<", ir.Constant(_WORDS, list(range(WIDTH))), count)
            return builder.select(there, lanes, _spread(builder, rest))

        return lanes_type(lanes_type, types.intp, types.float64), generate

    def _larger(builder, a, b):
        """The larger of each lane of two, or what is not a number."""
        larger = builder.select(builder.fcmp_ordered(">", b, a), b, a)
        return builder.select(builder.fcmp_unordered("uno", b, b), b, larger)

    @intrinsic
    def larger_size(typing_context, most, lanes):
        """The larger of `most` and the size of each lane, which is not a number if one of them is none."""

        def generate(context, builder, signature, arguments):
            most, lanes = arguments
            return _larger(builder, most, _call(builder, "llvm.fabs.v8f64", _LANES, lanes))

        return lanes_type(lanes_type, lanes_type), generate

    @intrinsic
    def largest(typing_context, lanes):
        """The largest lane, or what is not a number."""

        def generate(context, builder, signature, arguments):
            found, indices = arguments[0], ir.VectorType(ir.IntType(32), WIDTH)
            for apart in (4, 2, 1):
                order = ir.Constant(indices, [(k + apart) % WIDTH for k in range(WIDTH)])
                found = _larger(builder, found, builder.shuffle_vector(found, found, order))
            return builder.extract_element(found, ir.Constant(ir.IntType(32), 0))

        return types.float64(lanes_type), generate

    def _of_library(name):
        """A function of the mathematical library, lane by lane."""

        @intrinsic
        def function(typing_context, lanes):
            def generate(context, builder, signature, arguments):
                return _call(builder, f"llvm.{name}.v8f64", _LANES, *arguments)

            return lanes_type(lanes_type), generate

        return function

    _plain_exponential, _plain_logarithm = _of_library("exp"), _of_library("log")

    @intrinsic
    def fused(typing_context, a, b, c):
        """a b + c, rounded once."""

        def generate(context, builder, signature, arguments):
            values = (
                value if isinstance(kind, Lanes) else _spread(builder, value)
                for kind, value in zip(signature.args, arguments)
            )
            return _call(builder, "llvm.fma.v8f64", _LANES, *values)

        return lanes_type(a, b, c), generate

    def _table(builder, name, values):
        """A table of doubles or words that is part of the compiled code."""
        if name in builder.module.globals:
            return builder.module.globals[name]
        kind = _DOUBLE if values.dtype == np.float64 else _WORD
        table = ir.GlobalVariable(builder.module, ir.ArrayType(kind, len(values)), name)
        table.initializer = ir.Constant(table.value_type, values.tolist())
        table.global_constant, table.linkage = True, "internal"
        return table

    def _look_up(builder, table, places):
        """An entry of a table for every lane."""
        zero, found = ir.Constant(_WORD, 0), ir.Constant(ir.VectorType(table.value_type.element, WIDTH), ir.Undefined)
        for k in range(WIDTH):
            lane = ir.Constant(ir.IntType(32), k)
            entry = builder.gep(table, [zero, builder.extract_element(places, lane)], inbounds=True)
            found = builder.insert_element(found, builder.load(entry), lane)
        return found

    @intrinsic
    def _power_of_two(typing_context, shifted):
        """2 to the power of what `_TO_INTEGER` has been added to, over 128: the nearest doubles, and what they lack."""

        def generate(context, builder, signature, arguments):
            """Table for the fraction of the power, exponent for the rest."""
            whole = builder.bitcast(arguments[0], _WORDS)
            places = builder.and_(whole, ir.Constant(_WORDS, [_STEPS - 1] * WIDTH))
            lacks, bits = (
                _look_up(builder, _table(builder, name, values), places)
                for name, values in zip(("casim_lacks", "casim_bits"), _powers_of_two())
            )
            bits = builder.add(bits, builder.shl(whole, ir.Constant(_WORDS, [45] * WIDTH)))
            return context.make_tuple(builder, signature.return_type, [builder.bitcast(bits, _LANES), lacks])

        return types.UniTuple(lanes_type, 2)(lanes_type), generate

    @compiled
    def exponential(x):
        """e to the power of every lane."""
        if not all_within(x, -_LARGE, _LARGE):
            return _plain_exponential(x)
        shifted = fused(x, _PER_STEP, _TO_INTEGER)
        steps = shifted - _TO_INTEGER
        r = fused(steps, _STEP_LOW, fused(steps, _STEP_HIGH, x))
        scale, lacks = _power_of_two(shifted)
        square = r * r
        low = fused(fused(r, _EXP[1], _EXP[0]), square, lacks + r)
        return fused(scale, fused(square * square, fused(r, _EXP[3], _EXP[2]), low), scale)

    @compiled
    def logarithm(x):
        """The natural logarithm of every lane."""
        if not all_within(x, _NEAR_ONE[0], _NEAR_ONE[1]):
            return _plain_logarithm(x)
        r = x - 1.0
        square = r * r
        cube = r * square
        first = fused(square, _LOG[3], fused(r, _LOG[2], _LOG[1]))
        second = fused(square, _LOG[6], fused(r, _LOG[5], _LOG[4]))
        third = fused(cube, _LOG[10], fused(square, _LOG[9], fused(r, _LOG[8], _LOG[7])))
        series = fused(fused(third, cube, second), cube, first)
        upper = fused(r, -_SPLIT, fused(r, _SPLIT, r))
        half = upper * upper
        high = fused(half, _LOG[0], r)
        low = fused(_LOG[0] * (r - upper), r + upper, fused(half, _LOG[0], r - high))
        return high + fused(series, cube, low)
