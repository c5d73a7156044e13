"""Eight members side by side: records whose numbers are lanes, and decisions lane by lane.

A function of plain arithmetic works on one member's record and, compiled once more, on the records of eight: `beside`
sees a block of memory as a record in which each number is eight, a member in each lane. What decides must then not be
an `if` about a number but `where`; whole numbers in such a record are the same for all eight. Every lane goes through
the operations of the plain function in their order.
"""

import math
import operator

import numba
import numpy as np

from sim.engine.compiled import compiled
from sim.engine.lanes import WIDTH


def new_block(words: int) -> np.ndarray:
    """(word, WIDTH) zeros for a record of so many words, where a processor takes eight numbers at once."""
    memory = np.zeros((words + 1) * WIDTH)
    first = -memory.ctypes.data % (8 * WIDTH) // 8
    return memory[first : first + words * WIDTH].reshape(words, WIDTH)


def whole_words(kind: np.dtype) -> list[int]:
    """Which words of a record are whole numbers."""
    if kind.subdtype:
        part, shape = kind.subdtype
        inner, words = whole_words(part), part.itemsize // 8
        return [words * k + word for k in range(math.prod(shape)) for word in inner]
    fields = list((kind.fields or {}).values())
    return (
        [one[1] // 8 + word for one in fields for word in whole_words(one[0])] if fields else [0] * (kind.kind == "i")
    )


if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]  # numba sets it when it reads its environment
    SIDE_BY_SIDE = False  # uncompiled code goes through one member after the other
    beside = lane_array = lane_numbers = words_of = None

    def where(condition, this, that):
        """`this` where the condition holds, else `that`."""
        return this if condition else that

    def anywhere(condition):
        """Whether a condition holds in any lane."""
        return condition

    def n_lanes(value):
        """How many numbers a value holds: 1, or WIDTH."""
        return 1

    def lane_of(value, k):
        """The number in lane k."""
        return value

    def with_lane(value, k, number):
        """A value with another number in lane k."""
        return number

else:
    from llvmlite import ir
    from numba import types
    from numba.core.datamodel import models
    from numba.core.datamodel.registry import register_default
    from numba.core.typeconv import Conversion
    from numba.extending import intrinsic, lower_builtin, lower_cast, register_model, type_callable
    from numba.np.arrayobj import populate_array

    from sim.engine.lanes import _LANES, Lanes, _call, _on_two, lanes_type

    SIDE_BY_SIDE = True
    _BIT = ir.IntType(1)

    class Mask(types.Type):
        """The type of eight answers, one for each lane."""

        def __init__(self):
            super().__init__("Mask")

        def can_convert_from(self, typing_context, other):
            """One answer holds for all lanes."""
            return Conversion.safe if isinstance(other, types.Boolean) else None

    @register_model(Mask)
    class _MaskModel(models.PrimitiveModel):
        def __init__(self, manager, kind):
            super().__init__(manager, kind, ir.VectorType(_BIT, WIDTH))

    mask_type = Mask()

    @lower_cast(types.Boolean, mask_type)
    def _answer_to_mask(context, builder, kind, target, value):
        return builder.select(value, *(ir.Constant(ir.VectorType(_BIT, WIDTH), [one] * WIDTH) for one in (1, 0)))

    class LaneRecord(types.Record):
        """A record each of whose words takes the place of WIDTH."""

        dtype = property(lambda self: np.dtype((np.void, self.size)))

    register_default(LaneRecord)(models.RecordModel)

    def _beside(kind):
        """The type of a field when every word takes the place of WIDTH."""
        if isinstance(kind, types.NestedArray):
            inner = _beside(kind.dtype)
            if isinstance(inner, types.Integer):
                raise TypeError("an array of whole numbers cannot differ from lane to lane")
            return types.NestedArray(inner, kind.shape)
        if isinstance(kind, types.Record):
            fields = [
                (name, {"type": _beside(one.type), "offset": WIDTH * one.offset}) for name, one in kind.fields.items()
            ]
            return LaneRecord(fields, WIDTH * kind.size, True)
        return lanes_type if kind == types.float64 else kind

    @intrinsic
    def beside(typing_context, block, alike):
        """A block of `new_block` as the records of WIDTH members that have the fields of `alike`."""

        def generate(context, builder, signature, arguments):
            array = context.make_array(signature.args[0])(context, builder, arguments[0])
            return builder.bitcast(array.data, context.get_value_type(signature.return_type))

        return _beside(alike)(block, alike), generate

    @intrinsic
    def lane_array(typing_context, block):
        """A block of `new_block` as an array of lanes."""
        kind = types.Array(lanes_type, 1, "C")

        def generate(context, builder, signature, arguments):
            """The same memory, eight numbers an entry."""
            source = context.make_array(signature.args[0])(context, builder, arguments[0])
            array = context.make_array(kind)(context, builder)
            size = context.get_constant(types.intp, 8 * WIDTH)
            populate_array(
                array,
                data=builder.bitcast(source.data, _LANES.as_pointer()),
                shape=[builder.extract_value(source.shape, 0)],
                strides=[size],
                itemsize=size,
                meminfo=None,
                parent=None,
            )
            return array._getvalue()

        return kind(block), generate

    @intrinsic
    def words_of(typing_context, record):
        """The words of a record as an array of numbers that shares its memory."""
        kind = types.Array(types.float64, 1, "C")

        def generate(context, builder, signature, arguments):
            """The same memory, a number an entry."""
            array = context.make_array(kind)(context, builder)
            populate_array(
                array,
                data=builder.bitcast(arguments[0], ir.DoubleType().as_pointer()),
                shape=[context.get_constant(types.intp, record.size // 8)],
                strides=[context.get_constant(types.intp, 8)],
                itemsize=context.get_constant(types.intp, 8),
                meminfo=None,
                parent=None,
            )
            return array._getvalue()

        return kind(record), generate

    def _compared(sign):
        return lambda builder, a, b: builder.fcmp_ordered(sign, a, b)

    def _chosen(sign):
        """The second where it compares so with the first, as Python's `min` and `max` do."""
        return lambda builder, a, b: builder.select(builder.fcmp_ordered(sign, b, a), b, a)

    for _symbol, _sign in ((operator.lt, "<"), (operator.le, "<="), (operator.gt, ">"), (operator.ge, ">=")):
        _on_two(_symbol, mask_type, _compared(_sign))
    for _symbol, _sum in (
        (operator.iadd, lambda builder, a, b: builder.fadd(a, b)),
        (operator.isub, lambda builder, a, b: builder.fsub(a, b)),
        (operator.imul, lambda builder, a, b: builder.fmul(a, b)),
        (operator.itruediv, lambda builder, a, b: builder.fdiv(a, b)),
    ):
        _on_two(_symbol, lanes_type, _sum)
    _on_two(min, lanes_type, _chosen("<"))
    _on_two(max, lanes_type, _chosen(">"))
    _on_two(operator.pow, lanes_type, lambda builder, a, b: _call(builder, "llvm.pow.v8f64", _LANES, a, b))

    def _on_one(symbol, combine):
        """Let a function work on lanes."""

        @type_callable(symbol)
        def typer_of(context):
            def typer(a):
                if isinstance(a, Lanes):
                    return lanes_type

            return typer

        @lower_builtin(symbol, Lanes)
        def lower(context, builder, signature, arguments):
            return combine(builder, *arguments)

    def _of_library(name):
        return lambda builder, a: _call(builder, f"llvm.{name}.v8f64", _LANES, a)

    _on_one(operator.neg, lambda builder, a: builder.fneg(a))
    for _function, _name in ((math.exp, "exp"), (math.log, "log"), (math.sqrt, "sqrt")):
        _on_one(_function, _of_library(_name))

    @intrinsic
    def where(typing_context, condition, this, that):
        """`this` where the condition holds, else `that`."""
        several = any(isinstance(kind, (Lanes, Mask)) for kind in (condition, this, that))
        result = lanes_type if several else types.float64

        def generate(context, builder, signature, arguments):
            return builder.select(*arguments)

        return result(condition, result, result), generate

    @intrinsic
    def anywhere(typing_context, condition):
        """Whether a condition holds in any lane."""

        def generate(context, builder, signature, arguments):
            if not isinstance(condition, Mask):
                return arguments[0]
            answers = builder.bitcast(arguments[0], ir.IntType(WIDTH))
            return builder.icmp_unsigned("!=", answers, ir.Constant(ir.IntType(WIDTH), 0))

        return types.boolean(condition), generate

    @intrinsic
    def n_lanes(typing_context, value):
        """How many numbers a value holds: 1, or WIDTH."""
        count = WIDTH if isinstance(value, Lanes) else 1

        def generate(context, builder, signature, arguments):
            return context.get_constant(types.intp, count)

        return types.intp(value), generate

    @intrinsic
    def lane_of(typing_context, value, k):
        """The number in lane k."""

        several = isinstance(value, Lanes)

        def generate(context, builder, signature, arguments):
            return builder.extract_element(*arguments) if several else arguments[0]

        return (types.float64 if several else value)(value, types.intp), generate

    @intrinsic
    def with_lane(typing_context, value, k, number):
        """A value with another number in lane k."""

        def generate(context, builder, signature, arguments):
            value_, k_, number_ = arguments
            return builder.insert_element(value_, number_, k_) if isinstance(value, Lanes) else number_

        return value(value, types.intp, types.float64), generate

    @intrinsic
    def lane_numbers(typing_context):
        """0, 1, ..., each in its lane."""

        def generate(context, builder, signature, arguments):
            return ir.Constant(_LANES, [float(k) for k in range(WIDTH)])

        return lanes_type(), generate


@compiled
def ratio_or(a, b, otherwise):
    """a over b where b is positive, else `otherwise`; no division is waited for that nobody needs."""
    usable = b > 0.0
    if not anywhere(usable):
        return otherwise
    return where(usable, a / where(usable, b, 1.0), otherwise)


@compiled
def put_into_lane(block, lane, source):
    """Words of one member into its lane of a block, in place."""
    for k in range(source.shape[0]):
        block[k, lane] = source[k]


@compiled
def take_from_lane(block, lane, whole, target):
    """Words of one member from its lane of a block, in place of those in `target`; whole ones lie in the first lane."""
    for k in range(target.shape[0]):
        target[k] = block[k, lane]
    for k in whole:
        target[k] = block[k, 0]
