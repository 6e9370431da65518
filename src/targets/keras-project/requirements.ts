/** What `train.py` was tried with; a test holds it to what `npm run test:keras` installs. */
export const VERSIONS = { keras: '3.15.1', jax: '0.10.2', numpy: '2.4.6' } as const;

/** Of Python, what this JAX needs. */
export const OLDEST_PYTHON = '3.11';

/** `requirements.txt`, for computers without a GPU too. */
export const REQUIREMENTS = `# For an NVIDIA GPU write jax[cuda13] or jax[cuda12] instead of jax, for a TPU jax[tpu].
keras==${VERSIONS.keras}
jax==${VERSIONS.jax}
numpy==${VERSIONS.numpy}
`;
