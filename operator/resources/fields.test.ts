import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { awsRegion, iamPrincipalArn, iamRoleArn, identityGroup } from './fields.ts';
import { celField, celString, deadline, immutable } from './schema.ts';

const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

describe('formats are checked by zod as by the API server', () => {
  it.each([
    [identityGroup(), 'Marketing Analysts/EMEA@acme.example', 'analysts '],
    [identityGroup(), 'Müller & Söhne', 'acme\u200bowners'],
    [awsRegion(), 'us-gov-west-1', 'eu-west-1a'],
    [awsRegion(), 'ap-southeast-4', 'Ireland'],
    [iamPrincipalArn(), 'arn:aws-us-gov:iam::111111111111:role/a/b/c', 'arn:aws:iam::111111111111:role/*'],
    [
      iamPrincipalArn(),
      'arn:aws:iam::111111111111:user/a/b+c=d,e.f@g-h',
      'arn:aws:iam::111111111111:role/${aws:username}/x',
    ],
    [iamRoleArn(), 'arn:aws:iam::111111111111:role/a/b', 'arn:aws:iam::111111111111:role/*/b'],
    [deadline(), '2027-03-31T00:00:00+02:00', '2027-03-31'],
  ])('%#: %s', (schema, good, bad) => {
    expect(accepts(schema, good)).toBe(true);
    expect(accepts(schema, bad)).toBe(false);
  });

  it('answers with the hint', () => {
    expect(awsRegion().safeParse('Ireland').error?.issues).toEqual([
      expect.objectContaining({ message: expect.stringContaining('like eu-west-1') as string }),
    ]);
  });
});

describe('CEL', () => {
  it('spells literals and reserved words so that they mean themselves', () => {
    expect(celString(String.raw`it's \d`)).toBe(String.raw`'it\'s \\d'`);
    expect(celField('namespace')).toBe('__namespace__');
    expect(celField('name')).toBe('name');
  });

  it('forbids an immutable field to be set and unset too', () => {
    expect(immutable('id', 'why').rule).toBe(
      'has(self.id) == has(oldSelf.id) && (!has(self.id) || self.id == oldSelf.id)',
    );
  });
});
