// Whose session this is, and what becomes of it: the gateway keeps it in a cookie that no script can read.

import { forget } from '../ui/remembered.ts';

/** As the identity provider names them. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly groups: readonly string[];
}

/** What stands between the person and the page. */
export type Interruption =
  /** The session has ended, or never was. */
  | { readonly kind: 'Ended' }
  /** What they have tried asks for a fresh sign-in. */
  | { readonly kind: 'Reauthenticate'; readonly operation: string }
  | { readonly kind: 'Maintenance'; readonly message: string };

/** Undefined where nobody is signed in: the browser goes to the sign-in page, and comes back to this one. @throws Error */
export async function readPerson(): Promise<Person | undefined> {
  const response = await fetch('/auth/userinfo', { headers: { accept: 'application/json' } });
  if (response.ok) return (await response.json()) as Person;
  if (response.status !== 401) throw new Error(`/auth/userinfo answers ${response.status}`);
  signIn();
  return undefined;
}

/** @param fresh asks for the password even of who is signed in at the provider */
export function signIn({ fresh = false } = {}): void {
  const { pathname, search, hash } = globalThis.location;
  const query = new URLSearchParams({ return_to: pathname + search + hash, ...(fresh && { reauth: '' }) });
  globalThis.location.assign(`/auth/login?${query}`);
}

/** Ends the session here, and at the provider where it has a place for that. */
export async function signOut(): Promise<void> {
  forget('recent');
  const response = await fetch('/auth/logout', { method: 'POST' });
  const { logout_url: next } = (await response.json()) as { readonly logout_url?: string | null };
  globalThis.location.assign(next ?? '/');
}

/** The one interruption that there is, and who wants to know of it. */
class Interruptions extends EventTarget {
  #current: Interruption | undefined;

  readonly current = (): Interruption | undefined => this.#current;

  readonly subscribe = (told: () => void): (() => void) => {
    this.addEventListener('change', told);
    return () => this.removeEventListener('change', told);
  };

  /** The first stays: what follows it fails for the same reason. */
  readonly begin = (interruption: Interruption): void => {
    this.#current ??= interruption;
    this.dispatchEvent(new Event('change'));
  };

  readonly end = (): void => {
    this.#current = undefined;
    this.dispatchEvent(new Event('change'));
  };
}

export const interruptions = new Interruptions();
