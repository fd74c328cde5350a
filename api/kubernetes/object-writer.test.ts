import { describe, expect, it } from 'vitest';
import { organizationKind } from '../../operator/resources/organization.ts';
import { memoryCluster, organization } from '../../test/support/index-scene.ts';
import { ObjectWriter } from './object-writer.ts';

const NAME = { name: 'acme' };
const attempt = { action: 'TRY', permission: 'TRY', what: 'Organization', uri: 'acme' };

describe('What is written in the name of a person', () => {
  it('is shown as the API server answered it, each time, and what is a dry run is not', async () => {
    const [shown, would]: [string[], unknown[]] = [[], []];
    const writer = new ObjectWriter(await memoryCluster(), 'olga', {
      written: async ({ metadata }) => void shown.push(metadata.resourceVersion),
      tried: (object) => void would.push((object as { spec?: { label: string } }).spec?.label),
      deleted: async (_, { name }) => void shown.push(`deleted ${name}`),
    });
    const done = { attempt, dryRun: false };
    const tried = { attempt, dryRun: true };
    const relabel = (label: string) => () => ({ label });
    await writer.create(organizationKind, NAME, organization('platform'), tried);
    expect(shown).toEqual([]);
    const answers = [
      await writer.create(organizationKind, NAME, organization('platform'), done),
      await writer.create(organizationKind, NAME, organization('platform'), done),
      await writer.change(organizationKind, NAME, relabel('Acme'), done),
      await writer.change(organizationKind, NAME, relabel('Acme'), done),
      await writer.annotate(organizationKind, NAME, { note: 'x' }, done),
      await writer.readAgain(organizationKind, NAME, attempt),
    ].map(({ metadata }) => metadata.resourceVersion);
    expect(new Set(answers).size).toBe(3);
    expect(shown).toEqual(answers);
    await writer.change(organizationKind, NAME, relabel('Other'), tried);
    await writer.change(organizationKind, NAME, relabel('Acme'), tried);
    await writer.annotate(organizationKind, NAME, { note: 'y' }, tried);
    await writer.delete(organizationKind, NAME, tried);
    expect(shown).toEqual(answers);
    expect(would).toEqual(['ACME', 'Other', 'Acme', 'Acme']);
    await writer.delete(organizationKind, NAME, done);
    expect(shown).toEqual([...answers, 'deleted acme']);
  });
});
