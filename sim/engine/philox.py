"""Philox 4x64 with ten rounds (Salmon, Moraes, Dror & Shaw 2011), of one block or of eight side by side.

No instruction multiplies eight numbers of 64 bits to 128 bits; the upper halves are put together from four products of
32 bits. Eight blocks take as long as two and a half.
"""

import operator

import numba
import numpy as np

from sim.engine.compiled import compiled
from sim.engine.lanes import WIDTH

_MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
_MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
_WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
_WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
_ZERO = np.uint64(0)

if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]  # numba sets it when it reads its environment

    def _multiply_high(a, b):
        """The upper 64 bits of a product."""
        return np.uint64((int(a) * int(b)) >> 64)

    def _multiply_low(a, b):
        """The lower 64 bits of a product."""
        return np.uint64((int(a) * int(b)) & 0xFFFFFFFFFFFFFFFF)

    def _add(a, b):
        """A sum, of which 64 bits are kept."""
        return np.uint64((int(a) + int(b)) & 0xFFFFFFFFFFFFFFFF)

    word, counted_from = np.uint64, None

    def upper_bits(a):
        """The upper 53 bits, as a real number."""
        return np.float64(a >> np.uint64(11))

else:
    from llvmlite import ir
    from numba import types
    from numba.core.datamodel import models
    from numba.core.typeconv import Conversion
    from numba.extending import intrinsic, lower_builtin, lower_cast, register_model, type_callable

    from sim.engine.lanes import _ALIGNED, _WORD, _WORDS, _call, _place, lanes_type

    class Words(types.Type):
        """The type of eight whole numbers side by side."""

        def __init__(self):
            super().__init__("Words")

        def can_convert_from(self, typing_context, other):
            """A number stands in all lanes."""
            return Conversion.safe if isinstance(other, types.Integer) else None

    @register_model(Words)
    class _WordsModel(models.PrimitiveModel):
        def __init__(self, manager, kind):
            super().__init__(manager, kind, _WORDS)

    words_type = Words()

    def _all(value):
        return ir.Constant(_WORDS, [value] * WIDTH)

    @lower_cast(types.Integer, words_type)
    def _number_to_words(context, builder, kind, target, value):
        value = context.cast(builder, value, kind, types.uint64)
        first = builder.insert_element(ir.Constant(_WORDS, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
        mask = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), [0] * WIDTH)
        return builder.shuffle_vector(first, ir.Constant(_WORDS, ir.Undefined), mask)

    def _upper_half(builder, a, b):
        """The upper 64 bits of the products of two vectors."""
        low, half = _all(2**32 - 1), _all(32)
        a_low, a_high = builder.and_(a, low), builder.lshr(a, half)
        b_low, b_high = builder.and_(b, low), builder.lshr(b, half)
        carried = builder.lshr(builder.mul(a_low, b_low), half)
        middle = builder.add(builder.mul(a_low, b_high), carried)
        other = builder.add(builder.mul(a_high, b_low), builder.and_(middle, low))
        upper = builder.add(builder.mul(a_high, b_high), builder.lshr(middle, half))
        return builder.add(upper, builder.lshr(other, half))

    def _upper_half_of_one(builder, a, b):
        """The same of two numbers: one machine instruction that numba has no name for."""
        wide = ir.IntType(128)
        product = builder.mul(builder.zext(a, wide), builder.zext(b, wide))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), _WORD)

    @intrinsic
    def _multiply_high(typing_context, a, b):
        """The upper 64 bits of a product."""
        several = isinstance(b, Words)
        kind = words_type if several else types.uint64

        def generate(context, builder, signature, arguments):
            return (_upper_half if several else _upper_half_of_one)(builder, *arguments)

        return kind(kind, kind), generate

    def _operator(symbol, instruction):
        """Let an operator work on lanes, and on lanes and a number."""

        @type_callable(symbol)
        def typer_of(context):
            def typer(a, b):
                if isinstance(a, Words) or isinstance(b, Words):
                    return words_type

            return typer

        for kinds in ((Words, Words), (Words, types.Integer), (types.Integer, Words)):

            @lower_builtin(symbol, *kinds)
            def lower(context, builder, signature, arguments):
                pair = zip(signature.args, arguments)
                values = (context.cast(builder, value, kind, words_type) for kind, value in pair)
                return getattr(builder, instruction)(*values)

    for _symbol, _instruction in ((operator.xor, "xor"), (operator.mul, "mul"), (operator.add, "add")):
        _operator(_symbol, _instruction)

    @compiled
    def _multiply_low(a, b):
        return a * b

    @compiled
    def _add(a, b):
        return a + b

    @intrinsic
    def word(typing_context, value):
        """A whole number, or lanes of them, as what random blocks are made of."""
        kind = words_type if isinstance(value, Words) else types.uint64

        def generate(context, builder, signature, arguments):
            return arguments[0]

        return kind(kind), generate

    @intrinsic
    def upper_bits(typing_context, value):
        """The upper 53 bits, as a real number."""
        several = isinstance(value, Words)
        kind = lanes_type if several else types.float64

        def generate(context, builder, signature, arguments):
            places = _all(11) if several else ir.Constant(_WORD, 11)
            return builder.uitofp(builder.lshr(arguments[0], places), context.get_value_type(kind))

        return kind(value), generate

    @intrinsic
    def counted_from(typing_context, first):
        """WIDTH whole numbers from `first` on."""

        def generate(context, builder, signature, arguments):
            return builder.add(
                context.cast(builder, arguments[0], types.uint64, words_type), ir.Constant(_WORDS, list(range(WIDTH)))
            )

        return words_type(types.uint64), generate

    @intrinsic
    def load_keys(typing_context, keys, start):
        """The first and the second words of the WIDTH keys from place `start` of (key, 2) on; zeros beyond its end."""

        def generate(context, builder, signature, arguments):
            two = ir.Constant(_WORD, 2)
            halves = []
            for half in range(2):
                first = builder.add(builder.mul(arguments[1], two), ir.Constant(_WORD, half * WIDTH))
                place, there = _place(context, builder, keys, arguments[0], first)
                place = builder.bitcast(place, _WORDS.as_pointer())
                halves.append(_call(builder, "llvm.masked.load.v8i64.p0", _WORDS, place, _ALIGNED, there, _all(0)))
            kind = ir.VectorType(ir.IntType(32), WIDTH)
            chosen = [
                builder.shuffle_vector(*halves, ir.Constant(kind, list(range(odd, 2 * WIDTH, 2)))) for odd in range(2)
            ]
            return context.make_tuple(builder, signature.return_type, chosen)

        return types.UniTuple(words_type, 2)(keys, types.intp), generate


@compiled(apart=True)
def block(k0, k1, c0, c1, c2):
    """One block of four words, or eight blocks, each a lane, if a word of the key or of the counter is lanes."""
    c3 = _ZERO
    for _ in range(10):
        high_0, low_0 = _multiply_high(_MULTIPLIER_0, c0), _multiply_low(_MULTIPLIER_0, c0)
        high_1, low_1 = _multiply_high(_MULTIPLIER_1, c2), _multiply_low(_MULTIPLIER_1, c2)
        c0, c1, c2, c3 = high_1 ^ c1 ^ k0, low_1, high_0 ^ c3 ^ k1, low_0
        k0, k1 = _add(k0, _WEYL_0), _add(k1, _WEYL_1)
    return c0, c1, c2, c3
