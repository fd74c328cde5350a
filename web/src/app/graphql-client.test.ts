// How pages ask: by the hash of what the build has, and by its text where a gateway of another release does not know it.

import { afterEach, expect, it, vi } from 'vitest';
import { HomeDocument } from '../modules/home/operations.ts';
import { ArchiveOrganizationDocument } from '../modules/organization/operations.ts';
import { asDryRun } from '../ui/dry-run.ts';
import { newGraphqlClient } from './graphql-client.ts';

afterEach(() => vi.unstubAllGlobals());

interface Sent {
  readonly query?: string;
  readonly extensions?: { readonly persistedQuery: { readonly sha256Hash: string } };
}

/** A gateway that gives these answers, one after the other. */
function gateway(...answers: readonly object[]): readonly Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', async (_url: string, { body }: { readonly body: string }) => {
    sent.push(JSON.parse(body) as Sent);
    return new Response(JSON.stringify(answers[sent.length - 1]), { headers: { 'content-type': 'application/json' } });
  });
  return sent;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const UNKNOWN = {
  errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
};

it('A page sends the hash alone, and the text that has it where it is not known', async () => {
  const sent = gateway({ data: { mine: null } }, UNKNOWN, { data: { mine: null } });
  const client = newGraphqlClient();
  const known = await client.query(HomeDocument, {}).toPromise();
  const unknown = await client.query(HomeDocument, { endsBefore: '2026-12-31' }).toPromise();
  expect([known.data, unknown.data, unknown.error]).toEqual([{ mine: null }, { mine: null }, undefined]);
  expect(sent.map(({ query }) => query === undefined)).toEqual([true, true, false]);
  const hashes = sent.map(({ extensions }) => extensions?.persistedQuery.sha256Hash);
  const ofText = await sha256(sent[2]?.query ?? '');
  expect(hashes).toEqual([ofText, ofText, ofText]);
});

it('What is only tried is sent as its text, with no hash of what would do it', async () => {
  const sent = gateway({ data: { archiveOrganization: true } });
  await newGraphqlClient().mutation(asDryRun(ArchiveOrganizationDocument), { organizationUri: 'acme' }).toPromise();
  expect(sent).toMatchObject([{ query: expect.stringContaining('@dryRun') as string }]);
  expect(sent[0]?.extensions).toBeUndefined();
});
