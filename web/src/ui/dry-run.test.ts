// A dry run must never be sent as the mutation that it is of.

import { createRequest, stringifyDocument } from '@urql/core';
import { expect, it } from 'vitest';
import { ArchiveOrganizationDocument } from '../modules/organization/operations.ts';
import { asDryRun } from './dry-run.ts';

it('What is only tried bears the directive in its text, also after the mutation itself was sent', () => {
  const variables = { organizationUri: 'acme' };
  const sent = createRequest(ArchiveOrganizationDocument, variables);
  const tried = createRequest(asDryRun(ArchiveOrganizationDocument), variables);
  expect(stringifyDocument(tried.query)).toMatch(/^mutation ArchiveOrganization\([^)]*\) @dryRun \{/m);
  expect(stringifyDocument(sent.query)).not.toContain('@dryRun');
  expect(tried.key).not.toBe(sent.key);
});
