import { describe, expect, it } from 'vitest';
import { mapClaims, missingClaims, type Claims } from './claims.ts';

const MAPPING = { user: 'email', email: 'email', groups: ['groups', 'custom:saml.groups', 'cognito:groups'] };
const ANN = { email: 'ann@example.com' };

const groupsOf = (claims: Claims): readonly string[] => mapClaims({ ...ANN, ...claims }, MAPPING).groups;

describe('claims of a token', () => {
  it('become a name, an address and groups, those of Cognito and of its SAML provider together, each once', () => {
    const claims = {
      ...ANN,
      name: 'Ann',
      'cognito:groups': ['sales', 'ops'],
      'custom:saml.groups': '[sales, finance]',
    };
    expect(mapClaims(claims, MAPPING)).toEqual({
      user: 'ann@example.com',
      email: 'ann@example.com',
      displayName: 'Ann',
      groups: ['sales', 'finance', 'ops'],
      dropped: [],
    });
  });

  it.each([
    ['a list', ['a,b', 'c'], ['a,b', 'c']],
    ['JSON', '["a,b","c"]', ['a,b', 'c']],
    ['what Cognito makes of several values', '[a, b,c]', ['a', 'b', 'c']],
    ['one name, which may have a comma', 'cn=sales,ou=groups', ['cn=sales,ou=groups']],
    ['an empty list', '[]', []],
    ['nothing', undefined, []],
  ])('say groups as %s', (_, said, groups) => {
    expect(groupsOf({ groups: said })).toEqual(groups);
  });

  it.each([
    ['objects', [{ name: 'sales' }]],
    ['a list in a list', [['sales']]],
    ['numbers', [1]],
    ['an object', { sales: true }],
    ['JSON of something else', '[{"name":"sales"}]'],
  ])('sign nobody in when groups are %s', (_, groups) => {
    expect(() => groupsOf({ groups })).toThrow('cannot sign you in: claim groups is no list of names');
  });

  it.each([
    'system:masters',
    'SYSTEM:masters',
    ' system:masters',
    'ｓystem:masters',
    'sales\nImpersonate-Group: system:masters',
    'sa\u200bles',
    'sales\u202e',
    // A grapheme joiner, a variation selector and a filler: no control characters, and not seen.
    'sales\u034f',
    'sales\ufe0f',
    'sa\u3164les',
    // Another space, and é in two characters.
    'sales\u00a0team',
    'vente\u0301',
    '',
    'x'.repeat(257),
  ])('give nobody the group %j, and tell of it', (group) => {
    const { groups, dropped } = mapClaims({ ...ANN, groups: [group, 'sales'] }, MAPPING);
    expect(groups).toEqual(['sales']);
    expect(dropped).toHaveLength(1);
  });

  it('give people groups in any script, as the provider spells them', () => {
    const groups = ['vent\u00e9', 'Größe & Co', 'مبيعات', '販売部', 'prodej (Praha)', 'команда/данные', 'team 🚀'];
    expect(groupsOf({ groups })).toEqual(groups);
  });

  it.each(['system:admin', 'System:admin', ' system:admin', 'ann\n', 'an\u0000n', 'a\u202enn', 'x'.repeat(257)])(
    'sign nobody in by the name %j',
    (email) => {
      expect(() => mapClaims({ email }, MAPPING)).toThrow('cannot sign you in: claim email names nobody');
    },
  );

  it('sign nobody in by an address that is not verified, as the API server would not', () => {
    expect(() => mapClaims({ ...ANN, email_verified: false }, MAPPING)).toThrow('not verified');
    // As Cognito spells it.
    expect(() => mapClaims({ ...ANN, email_verified: 'false' }, MAPPING)).toThrow('not verified');
    expect(mapClaims({ ...ANN, email_verified: 'true' }, MAPPING).user).toBe('ann@example.com');
  });

  it('carry somebody in 300 groups, and refuse 10,000 instead of losing some unseen', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `group-${index}`);
    expect(groupsOf({ groups: many(300) })).toHaveLength(300);
    expect(() => groupsOf({ groups: many(10_000) })).toThrow('you are in 10000 groups and 500 are the most');
  });

  it('are incomplete without a name, an address or any of the claims for groups', () => {
    expect(missingClaims({ sub: 'x' }, MAPPING)).toContain('email');
    expect(missingClaims(ANN, MAPPING)).toEqual(MAPPING.groups);
    expect(missingClaims({ ...ANN, 'cognito:groups': [] }, MAPPING)).toEqual([]);
  });
});
