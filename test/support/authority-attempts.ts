// Tables of attempts: who tries what, and with what the API server refuses it.

import { it } from 'vitest';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import { allowed, type Actor, type Outcome } from './authority-actor.ts';
import type { Person, Scene } from './authority-scene.ts';

export type Manifest = KubeObject & Record<string, unknown>;

type Act = (who: Actor, object: Manifest) => Promise<Outcome>;

export interface Attempt {
  readonly who: Person;
  readonly what: string;
  readonly object: () => Manifest;
  /** Default: creates it. */
  readonly act?: Act;
  /** Part of the refusal; absent where it is allowed. */
  readonly message?: string;
}

/** One test a row. A refusal leaves the object as it was; what was created is disposed of. */
export function attempts(scene: () => Scene, rows: readonly Attempt[]): void {
  it.each(rows)('$who: $what', async ({ who, object: make, message, act = create }) => {
    const here = scene();
    const object = make();
    const attempt = () => act(here.as[who], object);
    if (message !== undefined) {
      await here.refusedLeaving(object, attempt, message);
      return;
    }
    const existed = (await here.stored(object)) !== undefined;
    await allowed(attempt());
    if (!existed) await here.dispose(object);
  });
}

const create: Act = (who, object) => who.create(object);

export const remove: Act = (who, object) => who.delete(object);

/** @param body a merge patch */
export const change =
  (body: Record<string, unknown>): Act =>
  (who, object) =>
    who.change(object, body);
