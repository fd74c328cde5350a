// For whom: the user that the caller asserts by headers, or the caller itself. Names of Kubernetes' own are asserted by nobody.

import type { IncomingMessage } from 'node:http';
import { GROUP_HEADER, MAX_GROUPS, MAX_NAME_BYTES, USER_HEADER, type AssertedUser } from './contract/user.ts';
import type { Caller } from './callers.ts';
import { Problem } from './problem.ts';

/** What the API server adds to whoever has shown who they are. */
const AUTHENTICATED = 'system:authenticated';

/** @throws Problem `invalid-request`, `forbidden` */
export const subjectOf = (caller: Caller, headers: IncomingMessage['headersDistinct']): AssertedUser => {
  const asserted = Object.keys(headers).filter((header) => header.startsWith('impersonate-'));
  if (asserted.length === 0) return { name: caller.username, groups: caller.groups };
  if (!caller.assertsUsers)
    throw new Problem('forbidden', `${caller.username} may not ask for others (assertsUsers in actions.callers).`);
  const unknown = asserted.find((header) => header !== USER_HEADER && header !== GROUP_HEADER);
  if (unknown !== undefined) throw new Problem('invalid-request', `Leave out header ${unknown}: it is not understood.`);
  const [name, ...others] = headers[USER_HEADER] ?? [];
  if (name === undefined || others.length > 0)
    throw new Problem('invalid-request', `Name the user by one ${USER_HEADER}, with or without groups.`);
  const groups = headers[GROUP_HEADER] ?? [];
  if (groups.length > MAX_GROUPS) throw new Problem('invalid-request', `A user has at most ${MAX_GROUPS} groups.`);
  return { name: nameIn(name), groups: [...new Set(groups.map(nameIn)), AUTHENTICATED] };
};

/** From the bytes of a header, which Node reads as one character each. */
const nameIn = (header: string): string => {
  const bytes = Buffer.from(header, 'latin1');
  if (bytes.length === 0 || bytes.length > MAX_NAME_BYTES)
    throw new Problem('invalid-request', `Names of users and groups have 1 to ${MAX_NAME_BYTES} bytes.`);
  const name = decoded(bytes);
  if (/^\s|\s$|\p{Cc}/u.test(name))
    throw new Problem('invalid-request', 'Names of users and groups have no control characters, and no space around.');
  if (name.startsWith('system:'))
    throw new Problem('forbidden', 'Names that begin with system: are Kubernetes’ own; nobody asks for them.');
  return name;
};

const decoded = (bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem('invalid-request', 'Names of users and groups are UTF-8.');
  }
};
