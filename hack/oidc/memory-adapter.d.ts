// oidc-provider's own store in memory, which its types do not tell of. Named, it is meant; left out, the provider warns at each start.
declare module 'oidc-provider/lib/adapters/memory_adapter.js' {
  import type { AdapterFactory } from 'oidc-provider';

  export function createMemoryAdapter(clockToleranceSeconds?: number): AdapterFactory;
}
