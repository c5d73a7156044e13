"""Compiled code as numba holds it: of functions that Python calls, and of those that compiled code alone calls.

What compiled code calls is never run by itself, so it gets no machine code and is not optimised by itself: it is copied
into what calls it, and optimised there once. That takes half as long as doing both at every level. What Python calls is
never copied into anything, so that its machine code alone is kept.
"""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from llvmlite import binding as llvm
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompileResult
from numba.core.registry import cpu_target
from numba.core.runtime import rtsys


class Intermediate(JITCodeLibrary):
    """Code that only compiled code calls, which is read from disk when something is linked with it."""

    _unread: bytes | None = None
    _read: llvm.ModuleRef | None = None

    @property
    def _shared_module(self) -> llvm.ModuleRef | None:
        if self._unread is not None:
            self._read, self._unread = llvm.parse_bitcode(self._unread), None
        return self._read

    @_shared_module.setter
    def _shared_module(self, module: llvm.ModuleRef | None) -> None:
        self._read = module

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """None: it cannot be run."""
        self._ensure_finalized()
        return 0

    @property
    def codegen(self):
        """Whoever asks wants to fill in a place of the machine code, which there is not."""
        return _Nowhere

    def serialize_using_object_code(self) -> tuple:
        """As numba's own, without machine code."""
        return self.name, "object", (b"", self._get_module_for_linking().as_bitcode())

    @classmethod
    def _unserialize(cls, codegen, state: tuple) -> "Intermediate":
        name, _, (_, code) = state
        self = cls(codegen, name)
        self._unread, self._finalized = code, True
        return self


class Whole(JITCodeLibrary):
    """Code that Python calls, with all that has been copied into it."""

    def _optimize_final_module(self) -> None:
        """Once; numba does it twice for the sake of counted references, which we have none of."""
        passes = self._codegen._module_pass_manager()
        passes, *builder = passes if isinstance(passes, tuple) else (passes,)  # numba before 0.62 has no builder
        passes.run(self._final_module, *builder)


class _Nowhere:
    @staticmethod
    def set_env(name: str, environment: object) -> None:
        """Nothing to do."""


@contextmanager
def libraries(kind) -> Iterator[None]:
    """Let what is compiled or read meanwhile be of a kind."""
    rtsys.initialize(cpu_target.target_context)  # numba's own, which is of its own kind
    codegen = cpu_target.target_context.codegen()
    before = codegen._library_class
    codegen._library_class = kind
    try:
        yield
    finally:
        codegen._library_class = before


def pack(result: Any) -> tuple:
    """What is kept of a `CompileResult`: names of what it needs from outside, and numba's own description.

    It is kept without its annotated source, which takes more room than all else.
    """
    (name, kind, (machine, code)), *rest = result._replace(type_annotation="")._reduce()
    functions = result.library._final_module.functions
    needed = [each.name for each in functions if each.is_declaration and not each.name.startswith("llvm.")]
    return needed, (name, kind, (machine, b"" if machine else code)), *rest


def unpack(target_context, packed: bytes) -> CompileResult:
    """A version from what was kept.

    Numba would first load all that it can compile with, a tenth of a second. Ready code has no need of that where
    everything it calls is there.
    """
    needed, (name, kind, (machine, code)), described, *rest = pickle.loads(packed)
    if not machine:
        with libraries(Intermediate):
            return CompileResult._rebuild(target_context, (name, kind, (machine, code)), described, *rest)
    if not all(map(llvm.address_of_symbol, needed)):
        target_context.refresh()
    symbols = described.llvm_func_name, described.llvm_cpython_wrapper_name
    target_context.codegen()._engine._defined_symbols.update(symbols)
    nothing = llvm.parse_assembly("").as_bitcode()
    return CompileResult._rebuild(target_context, (name, kind, (machine, nothing)), described, *rest)
