"""Chance: random numbers as a pure function of (seed, channel, month, member).

Philox 4x64 with ten rounds (Salmon, Moraes, Dror & Shaw 2011), addressed instead of drawn: the counter is
(slot, month, member, 0) and each named channel has its own key. No generator state exists, so a number does not depend
on what else was drawn, in which order, in which part of a run or on which machine; two scenarios that ask for the same
address share their random numbers, and a new channel changes no other. The bits are those of ``numpy.random.Philox``.
"""

import hashlib
import math

import numba
import numpy as np

from sim.engine.compiled import compiled
from sim.engine.lanes import WIDTH, load, store
from sim.engine.side_by_side import lane_of, n_lanes, with_lane

_MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
_MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
_WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
_WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
_ELEVEN = np.uint64(11)
_ZERO = np.uint64(0)
_TO_UNIT = 1.0 / 9007199254740992.0  # 2**-53
_CENTRAL = 0.425


def channel_key(seed: int, channel: str) -> np.ndarray:
    """The Philox key of a named channel.

    Parameters
    ----------
    seed : non-negative integer below 2**64
    channel : any text, e.g. ``"ladder:A-B"``

    Returns
    -------
    (2,) unsigned 64-bit integers

    Raises
    ------
    OverflowError : the seed is negative or does not fit into 64 bits
    """
    digest = hashlib.blake2b(channel.encode(), digest_size=16, key=int(seed).to_bytes(8, "little")).digest()
    return np.frombuffer(digest, dtype="<u8").astype(np.uint64)


if numba.config.DISABLE_JIT:

    def _multiply(a, b):
        product = int(a) * int(b)
        return np.uint64(product >> 64), np.uint64(product & 0xFFFFFFFFFFFFFFFF)

    def _add(a, b):
        return np.uint64((int(a) + int(b)) & 0xFFFFFFFFFFFFFFFF)

else:
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def _multiply(typing_context, a, b):
        """Both halves of a 64 x 64 bit product: one machine instruction that numba has no name for."""

        def generate(context, builder, signature, arguments):
            wide, word = ir.IntType(128), ir.IntType(64)
            product = builder.mul(*(builder.zext(argument, wide) for argument in arguments))
            halves = builder.lshr(product, ir.Constant(wide, 64)), product
            return context.make_tuple(builder, signature.return_type, [builder.trunc(half, word) for half in halves])

        return types.UniTuple(types.uint64, 2)(types.uint64, types.uint64), generate

    @compiled
    def _add(a, b):
        return a + b


@compiled(apart=True)
def _block(k0, k1, c0, c1, c2):
    """`philox` in plain words, since handing on an array takes as long as a third of a block."""
    c3 = _ZERO
    for _ in range(10):
        (high_0, low_0), (high_1, low_1) = _multiply(_MULTIPLIER_0, c0), _multiply(_MULTIPLIER_1, c2)
        c0, c1, c2, c3 = high_1 ^ c1 ^ k0, low_1, high_0 ^ c3 ^ k1, low_0
        k0, k1 = _add(k0, _WEYL_0), _add(k1, _WEYL_1)
    return c0, c1, c2, c3


@compiled
def philox(key, slot, month, member):
    """One block of four 64-bit integers.

    Parameters
    ----------
    key : (2,) unsigned integers from `channel_key`
    slot, month, member : the address, non-negative integers

    Returns
    -------
    four unsigned 64-bit integers
    """
    return _block(key[0], key[1], np.uint64(slot), np.uint64(month), np.uint64(member))


@compiled
def to_unit(bits):
    """A uniform in the open interval (0, 1): the middle of one of 2**53 equal cells, so a quantile is always finite."""
    return (np.float64(bits >> _ELEVEN) + 0.5) * _TO_UNIT


@compiled
def four_uniforms(key, slot, month, member):
    """Four independent uniforms in (0, 1) at one address (see `philox`)."""
    b0, b1, b2, b3 = philox(key, slot, month, member)
    return to_unit(b0), to_unit(b1), to_unit(b2), to_unit(b3)


@compiled
def uniform(key, slot, month, member):
    """A uniform in (0, 1) at one address: the first of `four_uniforms`."""
    return to_unit(philox(key, slot, month, member)[0])


@compiled
def normal(key, slot, month, member):
    """A standard normal at one address, by inversion, so that a higher uniform is a higher normal.

    Where `member` is lanes, one of each member.
    """
    found = 1.0 * member
    for k in range(n_lanes(member)):
        found = with_lane(found, k, normal_quantile(uniform(key, slot, month, lane_of(member, k))))
    return found


@compiled
def _central_quantile(q):
    """`normal_quantile` at a probability that lies at most 0.425 from one half, by q; a number or lanes."""
    r = 0.180625 - q * q
    numerator = (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r
                    + 4.5921953931549871457e4) * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
                  + 1.3314166789178437745e2) * r + 3.3871328727963666080e0)  # fmt: skip
    denominator = (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4) * r
                      + 2.1213794301586595867e4) * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
                    + 4.2313330701600911252e1) * r + 1.0)  # fmt: skip
    return q * numerator / denominator


@compiled
def normal_quantiles(probabilities, found):
    """`normal_quantile` of every entry of a contiguous matrix, into another of the same shape."""
    for start in range(0, probabilities.size, WIDTH):
        store(found, start, _central_quantile(load(probabilities, start, 0.5) - 0.5))
    for i in range(probabilities.shape[0]):
        for j in range(probabilities.shape[1]):
            if abs(probabilities[i, j] - 0.5) > _CENTRAL:
                found[i, j] = normal_quantile(probabilities[i, j])


@compiled(apart=True)
def normal_quantile(probability):
    """The standard normal quantile, algorithm AS 241 (Wichura 1988), relative error about 1e-16.

    Parameters
    ----------
    probability : in the open interval (0, 1)
    """
    q = probability - 0.5
    if abs(q) <= _CENTRAL:
        return _central_quantile(q)
    r = math.sqrt(-math.log(probability if q < 0.0 else 1.0 - probability))
    if r <= 5.0:
        r -= 1.6
        numerator = (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r
                         + 2.41780725177450611770e-1) * r + 1.27045825245236838258e0) * r
                       + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
                     + 4.63033784615654529590e0) * r + 1.42343711074968357734e0)  # fmt: skip
        denominator = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r
                           + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1) * r
                         + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
                       + 2.05319162663775882187e0) * r + 1.0)  # fmt: skip
    else:
        r -= 5.0
        numerator = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
                         + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2) * r
                       + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
                     + 5.46378491116411436990e0) * r + 6.65790464350110377720e0)  # fmt: skip
        denominator = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
                           + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r
                         + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
                       + 5.99832206555887937690e-1) * r + 1.0)  # fmt: skip
    value = numerator / denominator
    return -value if q < 0.0 else value
