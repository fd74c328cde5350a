// Who may do what by GraphQL, every operation by everybody: as in data.all 2.9, or otherwise for a reason that is written down; and nobody is
// told, by an answer or by a refusal, what Kubernetes would not show them. Mutations are dry runs, which ask rights and policies.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewaySchema } from '../../api/graphql/schema.ts';
import { modules } from '../../api/modules.ts';
import { shippedFeatures } from '../../operator/features/shipped.ts';
import { operationsOf } from '../support/graphql-selection.ts';
import { operations } from '../support/permission-operations.ts';
import { allowedByUs, askedFor, needlessExceptions, walk, type Asking } from '../support/permission-oracle.ts';
import { factsToldToOthers, objectsBetrayed } from '../support/permission-leaks.ts';
import { askers, startPermissionScene, stateOf, type PermissionScene } from '../support/permission-scene.ts';
import { fieldsOfUnseen, idsConfused } from '../support/permission-kinds.ts';
import { urisOf, type Uris } from '../support/permission-uris.ts';

const schema = gatewaySchema(modules, shippedFeatures());
/** Whoever may is told that there is nothing to be done. */
const NOT_HERE = ['updateSSMParameter'];
const REFUSALS = ['UnauthorizedOperation', 'ResourceNotFound'];

let scene: PermissionScene;
let uris: Uris;
let asked: readonly Asking[];
let changed: { before: unknown; after: unknown };
beforeAll(async () => {
  scene = await startPermissionScene();
  uris = await urisOf(scene.database);
  const before = await stateOf(scene);
  asked = await walk(schema, scene, uris);
  changed = { before, after: await stateOf(scene) };
});
afterAll(() => scene?.stop());

describe('the table of operations', () => {
  it('has every operation of the schema, and no other: whoever adds one says who may', () => {
    expect(Object.keys(operations).toSorted()).toEqual(operationsOf(schema).toSorted());
  });

  it('names operations for which data.all says what they take, or that are our own', () => {
    expect(Object.keys(operations).filter((operation) => askedFor(operation) === undefined)).toEqual([]);
  });

  it('makes no exception that is not needed', () => {
    expect(needlessExceptions()).toEqual([]);
  });
});

describe('permissions by GraphQL', () => {
  it.each(Object.keys(operations))('let %s be done by who may, and by nobody else', (operation) => {
    for (const tried of operations[operation] ?? []) {
      const here = asked.filter((one) => one.operation === operation && one.tried === tried);
      const allowed = here.filter(({ answer }) => answer.refusal === undefined).map(({ who }) => who);
      expect(allowed, `on ${tried.on}`).toEqual(askers.filter((who) => allowedByUs(operation, tried, who)));
    }
  });

  it('refuse in two ways only: it is not there or may not be seen, or it may not be done', () => {
    const others = asked.flatMap(({ operation, who, answer: { refusal } }) =>
      refusal === undefined || REFUSALS.includes(refusal.code) || NOT_HERE.includes(operation)
        ? []
        : [{ operation, who, ...refusal }],
    );
    expect(others).toEqual([]);
  });
});

describe('what is told', () => {
  it('by an answer, a field of it however deep, or a refusal, is what Kubernetes shows to who asks', async () => {
    expect(await factsToldToOthers(scene, asked)).toEqual([]);
  });

  it('of an object that may not be seen, whatever is tried with it, is what is told of one that is nowhere', async () => {
    expect(await objectsBetrayed(schema, scene, uris, asked)).toEqual([]);
  });
});

describe('an object', () => {
  it('is found by no id of another kind, whatever is tried with it', async () => {
    expect(await idsConfused(schema, scene, uris)).toEqual([]);
  });

  it('that one may not see is told by what everybody may find alone, through whatever other it is come to', async () => {
    expect(await fieldsOfUnseen(scene, uris, asked)).toEqual([]);
  });
});

describe('a dry run', () => {
  it('changes nothing, in Kubernetes or in the read model, whatever is tried', () => {
    expect(changed.after).toEqual(changed.before);
  });
});
