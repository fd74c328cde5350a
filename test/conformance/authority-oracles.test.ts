// Whoever may not read an object learns nothing of it from any answer, whatever the verb, the sort of patch and the text of the refusal.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { annotations } from '../../operator/resources/annotations.ts';
import { allowed, type Actor } from '../support/authority-actor.ts';
import type { Manifest } from '../support/authority-attempts.ts';
import { environmentNamespace, takeNamespace } from '../support/authority-namespace.ts';
import { Prober, probesOf, type Probe } from '../support/authority-probes.ts';
import { people, startScene, type Person, type Scene } from '../support/authority-scene.ts';

/** Two of everything, in places that only platform administrators see, alike but for words and numbers of the same length. */
const TWINS = [
  { at: 'far-a', word: 'alpha', account: '555555555555' },
  { at: 'far-b', word: 'bravo', account: '666666666666' },
] as const;
type Twin = (typeof TWINS)[number];

interface HiddenKind {
  /** The path to the field that probes guess. */
  readonly field: readonly string[];
  readonly make: (twin: Twin) => Manifest;
  /** Of a kind with one object, which is alpha's when it is asked about first and then bravo's. */
  readonly one?: true;
  /** Who may read it. Default: pat, who administers the platform. */
  readonly reader?: Person;
}

/** By kind: what is hidden of it. Of the kinds of Kubernetes, those that say something of ours. */
const KINDS: Readonly<Record<string, HiddenKind>> = {
  Tenant: {
    field: ['spec', 'permissions', '0', 'group'],
    make: ({ word }) => of('Tenant/default', {}, { permissions: [{ group: `${word}-contractors`, permissions: [] }] }),
    one: true,
  },
  Organization: {
    field: ['spec', 'owner'],
    make: ({ at, word }) => of('Organization/acme', { name: at }, { label: word, owner: `${word}-owners`, teams: [] }),
  },
  Environment: {
    field: ['spec', 'account', 'id'],
    make: ({ at, word, account }) =>
      of(
        'Environment/sales-prod',
        { name: at },
        { organization: at, label: word, owner: `${word}-owners`, account: { id: account, region: 'eu-west-1' } },
      ),
  },
  Namespace: {
    field: ['metadata', 'annotations', annotations.account],
    make: ({ at, word, account }) => environmentNamespace(at, account, `${word}-owners`),
    reader: 'root',
  },
  ResourceQuota: {
    field: ['spec', 'hard', 'count/teams.dataall.io'],
    make: ({ at, account }) => ({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { namespace: at, name: 'dataall' },
      spec: { hard: { 'count/teams.dataall.io': account.slice(0, 3) } },
    }),
    reader: 'root',
  },
  Team: {
    field: ['spec', 'group'],
    make: ({ at, word }) => of('Team/analysts', { namespace: at }, { group: `${word}-analysts` }),
  },
  Dataset: {
    field: ['spec', 'owner'],
    make: ({ at, word }) =>
      of(
        'Dataset/orders',
        { namespace: at },
        { label: word, owner: `${word}-analysts`, stewards: [`${word}-stewards`] },
      ),
  },
  DatasetTable: {
    field: ['spec', 'description'],
    make: ({ at, word }) => of('DatasetTable/orders.orders', { namespace: at }, { description: word }),
  },
  ConsumptionRole: {
    field: ['spec', 'principalArn'],
    make: ({ at, word, account }) =>
      of(
        'ConsumptionRole/notebooks',
        { namespace: at },
        { owner: `${word}-analysts`, principalArn: `arn:aws:iam::${account}:role/${word}` },
      ),
  },
  ShareRequest: {
    field: ['spec', 'purpose'],
    make: ({ at, word }) => of('ShareRequest/orders', { namespace: at }, { requester: `${word}s`, purpose: word }),
  },
  ShareApproval: {
    field: ['spec', 'reason'],
    make: ({ at, word }) =>
      of('ShareApproval/marketing-prod.orders', { namespace: at }, { requester: `${word}s`, reason: word }),
  },
};

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
  for (const [kind, { make, one }] of Object.entries(KINDS)) {
    for (const twin of one === undefined ? TWINS : []) {
      // The namespace is there already: it was made for the Environment.
      if (kind === 'Namespace') continue;
      const made = await allowed(scene.as.root.create(make(twin)));
      if (kind === 'ResourceQuota') continue;
      await allowed(
        scene.as.operator.status(made, { observedGeneration: 1, ...(hasId(made) && { id: `${twin.word}123` }) }),
      );
      if (kind === 'Environment') await takeNamespace(scene.as.operator, twin.at, twin.account, `${twin.word}-owners`);
    }
  }
  await scene.syncRbac();
});
afterAll(() => scene?.stop());

const of: Scene['variant'] = (...args) => scene.variant(...args);
const hasId = ({ kind }: Pick<Manifest, 'kind'>): boolean =>
  !['DatasetTable', 'ShareRequest', 'ShareApproval'].includes(kind);

const hidden = (kind: string): HiddenKind => KINDS[kind] ?? { field: [], make: () => of(kind) };

/** What the person could make under this name, were it free: nothing of it says who has it. */
function ownOf(kind: string, person: Person, guess: Manifest): Manifest {
  const group = person in people ? people[person as keyof typeof people] : 'none';
  const spec = Object(guess['spec']);
  const mine = { ...spec, ...('owner' in spec && { owner: group }), ...('requester' in spec && { requester: group }) };
  return { ...guess, spec: kind === 'Environment' ? { ...mine, organization: 'acme' } : mine };
}

/** The answers about both twins, names apart, to questions that guess what is so of the first. */
async function answers(
  prober: Prober,
  person: Person,
  kind: string,
  isAsked: (probe: Probe) => boolean = () => true,
): Promise<[Probe, string, string][]> {
  const { field, make, one } = hidden(kind);
  const about = async (twin: Twin): Promise<[Probe, string][]> => {
    if (one !== undefined) await allowed(scene.as.root.change(make(twin), { spec: make(twin)['spec'] }));
    const guess = make(TWINS[0]);
    const { annotations } = guess.metadata;
    const named = { ...guess, metadata: { ...make(twin).metadata, ...(annotations && { annotations }) } };
    const probes = probesOf(named, field, ownOf(kind, person, named)).filter(isAsked);
    return await Promise.all(
      probes.map(async (probe): Promise<[Probe, string]> => [probe, told(await prober.ask(probe))]),
    );
  };
  const first = await about(TWINS[0]);
  const second = await about(TWINS[1]);
  return first.map(([probe, told], index) => [probe, told, second[index]?.[1] ?? '']);
}

const told = ({ status, text }: { status: number; text: string }): string =>
  `${status} ${text.replaceAll(/far-[ab]/g, 'far')}`;

async function reads(actor: Actor, kind: string): Promise<boolean> {
  const outcomes = await Promise.all(TWINS.map((twin) => actor.get(hidden(kind).make(twin))));
  return outcomes.every(({ ok }) => ok);
}

const changesNothing = ({ method, what }: Probe): boolean => method === 'GET' || what.endsWith('dry run');

/** Platform administrators and auditors read what is of ours. */
const readers = (kind: string): readonly string[] => (kind === 'Namespace' ? ['pat'] : ['pat', 'vera']);

const strangers = (kind: string): readonly Person[] =>
  [...Object.keys(people).filter((name) => !readers(kind).includes(name)), 'git', 'plain'] as Person[];

describe.each(Object.keys(KINDS))('%s', (kind) => {
  it.each(strangers(kind))('tells %s nothing', async (person) => {
    const actor = scene.as[person];
    expect(await reads(actor, kind)).toBe(false);
    await using prober = new Prober(actor.credentials);
    for (const [{ what }, a, b] of await answers(prober, person, kind)) {
      expect(a, what).toBe(b);
      expect(b, what).not.toMatch(/bravo|6666/);
    }
  });

  it('would tell who may read it, so the questions are the right ones', async () => {
    const { reader = 'pat' } = hidden(kind);
    await using prober = new Prober(scene.as[reader].credentials);
    const differ = (await answers(prober, reader, kind, changesNothing))
      .filter(([, a, b]) => a !== b)
      .map(([{ what }]) => what);
    expect(differ).toEqual(
      expect.arrayContaining(['get', 'json patch, test, dry run', 'json patch, copy to a name, dry run']),
    );
  });
});
