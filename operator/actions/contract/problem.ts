// What is answered instead, as RFC 9457 has it: a type for programs, a sentence for people that says what to do.
// https://www.rfc-editor.org/rfc/rfc9457

import { z } from 'zod';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Each with its status and title. */
export const problems = {
  /** The request itself is wrong: path, headers or input. */
  'invalid-request': { status: 400, title: 'The request is not understood' },
  /** The bearer token is missing, expired, of another audience, or none of this cluster. */
  unauthenticated: { status: 401, title: 'The caller is not known' },
  /** The caller may not call, or not assert users; the user lacks the verb, or there is no such object. */
  forbidden: { status: 403, title: 'Not allowed' },
  /** config.json switches it off. */
  'switched-off': { status: 403, title: 'Switched off in this installation' },
  /** No such route; or no such object, for a user who has the verb on all of them. */
  'not-found': { status: 404, title: 'Not found' },
  /** The object is not in a state in which this can be done; its conditions say why. */
  'not-ready': { status: 409, title: 'Not possible as things are' },
  /** What the client has is of another state than what is there now: begin again. */
  changed: { status: 412, title: 'Changed meanwhile' },
  'too-large': { status: 413, title: 'Too large' },
  /** Too much of the same account or user at once; `retry-after` says when. */
  busy: { status: 429, title: 'Too many at once' },
  internal: { status: 500, title: 'A defect of the operator' },
  /** AWS said no to the operator; the detail says what its administrator can do. */
  'aws-refused': { status: 502, title: 'AWS refuses' },
  /** AWS, the API server or this replica cannot answer now; `retry-after` says when. */
  unavailable: { status: 503, title: 'Not available now' },
  'timed-out': { status: 504, title: 'It took too long' },
} as const;

export type ProblemType = keyof typeof problems;

const URN = 'urn:dataall:problem:';

export const problemUri = (type: ProblemType): string => `${URN}${type}`;

/** The body of such an answer. */
export const problemBody = z.object({
  /** `urn:dataall:problem:<type>` */
  type: z.templateLiteral([URN, z.enum(Object.keys(problems) as [ProblemType, ...ProblemType[]])]),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** As in the operator's log, its audit record, and the user agent of its calls in CloudTrail. */
  requestId: z.string(),
});

export type ProblemBody = z.output<typeof problemBody>;
