// Whoever may not read an object learns nothing of it from any answer, whatever the verb, the sort of patch and the text of the refusal.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowed, type Actor } from '../support/authority-actor.ts';
import type { Manifest } from '../support/authority-attempts.ts';
import { takeNamespace } from '../support/authority-namespace.ts';
import { Prober, probesOf, type Probe } from '../support/authority-probes.ts';
import { people, startScene, type Person, type Scene } from '../support/authority-scene.ts';

/** Two of everything, in places that only platform administrators see, alike but for words and numbers of the same length. */
const TWINS = [
  { at: 'far-a', word: 'alpha', account: '555555555555' },
  { at: 'far-b', word: 'bravo', account: '666666666666' },
] as const;
type Twin = (typeof TWINS)[number];

/** By kind: what is hidden of it, and the field of its spec that probes guess. */
const KINDS: Readonly<Record<string, { readonly field: string; readonly make: (twin: Twin) => Manifest }>> = {
  Organization: {
    field: 'owner',
    make: ({ at, word }) => of('Organization/acme', { name: at }, { label: word, owner: `${word}-owners`, teams: [] }),
  },
  Environment: {
    field: 'account.id',
    make: ({ at, word, account }) =>
      of(
        'Environment/sales-prod',
        { name: at },
        { organization: at, label: word, owner: `${word}-owners`, account: { id: account, region: 'eu-west-1' } },
      ),
  },
  Team: {
    field: 'group',
    make: ({ at, word }) => of('Team/analysts', { namespace: at }, { group: `${word}-analysts` }),
  },
  Dataset: {
    field: 'owner',
    make: ({ at, word }) =>
      of(
        'Dataset/orders',
        { namespace: at },
        { label: word, owner: `${word}-analysts`, stewards: [`${word}-stewards`] },
      ),
  },
  DatasetTable: {
    field: 'description',
    make: ({ at, word }) => of('DatasetTable/orders.orders', { namespace: at }, { description: word }),
  },
  ConsumptionRole: {
    field: 'principalArn',
    make: ({ at, word, account }) =>
      of(
        'ConsumptionRole/notebooks',
        { namespace: at },
        { owner: `${word}-analysts`, principalArn: `arn:aws:iam::${account}:role/${word}` },
      ),
  },
  ShareRequest: {
    field: 'purpose',
    make: ({ at, word }) => of('ShareRequest/orders', { namespace: at }, { requester: `${word}s`, purpose: word }),
  },
  ShareApproval: {
    field: 'reason',
    make: ({ at, word }) =>
      of('ShareApproval/marketing-prod.orders', { namespace: at }, { requester: `${word}s`, reason: word }),
  },
};

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
  for (const { make } of Object.values(KINDS)) {
    for (const twin of TWINS) {
      const made = await allowed(scene.as.root.create(make(twin)));
      await allowed(
        scene.as.operator.status(made, { observedGeneration: 1, ...(hasId(made) && { id: `${twin.word}123` }) }),
      );
      if (made.kind === 'Environment')
        await takeNamespace(scene.as.operator, twin.at, twin.account, `${twin.word}-owners`);
    }
  }
  await scene.syncRbac();
});
afterAll(() => scene?.stop());

const of: Scene['variant'] = (...args) => scene.variant(...args);
const hasId = ({ kind }: Pick<Manifest, 'kind'>): boolean =>
  !['DatasetTable', 'ShareRequest', 'ShareApproval'].includes(kind);

/** What the person could make under this name, were it free: nothing of it says who has it. */
function ownOf(kind: string, person: Person, guess: Manifest): Manifest {
  const group = person in people ? people[person as keyof typeof people] : 'none';
  const spec = Object(guess['spec']);
  const mine = { ...spec, ...('owner' in spec && { owner: group }), ...('requester' in spec && { requester: group }) };
  return { ...guess, spec: kind === 'Environment' ? { ...mine, organization: 'acme' } : mine };
}

/** The answers about both twins, names apart. */
async function answers(
  prober: Prober,
  person: Person,
  kind: string,
  isAsked: (probe: Probe) => boolean = () => true,
): Promise<[Probe, string, string][]> {
  const { field, make } = KINDS[kind] ?? { field: '', make: () => of(kind) };
  const [guess] = TWINS.map(make);
  const about = (twin: Twin) => {
    const named = { ...make(twin), spec: guess?.['spec'] };
    return probesOf(named, field, ownOf(kind, person, named)).filter(isAsked);
  };
  const [first, second] = TWINS.map(about);
  return await Promise.all(
    (first ?? []).map(async (probe, index): Promise<[Probe, string, string]> => {
      const other = second?.[index] ?? probe;
      const [a, b] = await Promise.all([prober.ask(probe), prober.ask(other)]);
      return [probe, told(a), told(b)];
    }),
  );
}

const told = ({ status, text }: { status: number; text: string }): string =>
  `${status} ${text.replaceAll(/far-[ab]/g, 'far')}`;

async function reads(actor: Actor, kind: string): Promise<boolean> {
  const objects = TWINS.map((twin) => KINDS[kind]?.make(twin) ?? of(kind));
  const outcomes = await Promise.all(objects.map((object) => actor.get(object)));
  return outcomes.every(({ ok }) => ok);
}

const changesNothing = ({ method, what }: Probe): boolean => method === 'GET' || what.endsWith('dry run');

const strangers = [...Object.keys(people).filter((name) => name !== 'pat'), 'git', 'plain'] as Person[];

describe.each(Object.keys(KINDS))('%s', (kind) => {
  it.each(strangers)('tells %s nothing', async (person) => {
    const actor = scene.as[person];
    expect(await reads(actor, kind)).toBe(false);
    await using prober = new Prober(actor.credentials);
    for (const [{ what }, a, b] of await answers(prober, person, kind)) {
      expect(a, what).toBe(b);
      expect(b, what).not.toMatch(/bravo|6666/);
    }
  });

  it('would tell who may read it, so the questions are the right ones', async () => {
    await using prober = new Prober(scene.as.pat.credentials);
    const differ = (await answers(prober, 'pat', kind, changesNothing))
      .filter(([, a, b]) => a !== b)
      .map(([{ what }]) => what);
    expect(differ).toEqual(
      expect.arrayContaining(['get', 'json patch, test, dry run', 'json patch, copy to a name, dry run']),
    );
  });
});
