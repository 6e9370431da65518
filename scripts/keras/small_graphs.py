"""To be imported before keras: JAX on the CPU, for small graphs that run once. What takes time is their compilation, so
XLA is told not to optimise; and to use the same instructions on all machines."""

import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["XLA_FLAGS"] = " ".join(
    [
        "--xla_backend_optimization_level=0",
        "--xla_llvm_disable_expensive_passes=true",
        "--xla_cpu_parallel_codegen_split_count=1",
        "--xla_cpu_max_isa=AVX2",
    ]
)
