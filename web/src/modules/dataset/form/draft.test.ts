// What a form of a dataset sends.

import { expect, it } from 'vitest';
import { inputOf, newDraft, wrongFields } from './draft.ts';

const draft = { ...newDraft('sales'), label: ' Orders ', confidentiality: 'Official' };

it('A dataset has to have a name, a confidentiality and an owner', () => {
  expect(wrongFields(draft)).toEqual(new Set());
  expect(wrongFields(newDraft(' '))).toEqual(new Set(['label', 'confidentiality', 'owner']));
});

it('Bounds of when shares end are whole numbers, the upper one not below the lower one, and sent where shares end', () => {
  const ending = { ...draft, expires: true, least: '3', most: '6' };
  expect(wrongFields(ending)).toEqual(new Set());
  expect(wrongFields({ ...ending, most: '2' })).toEqual(new Set(['most']));
  expect(wrongFields({ ...ending, least: '1.5', most: 'x' })).toEqual(new Set(['least', 'most']));
  expect(wrongFields({ ...ending, expires: false, most: '2' })).toEqual(new Set());
  expect(inputOf(ending)).toMatchObject({ expirySetting: 'Monthly', expiryMinDuration: 3, expiryMaxDuration: 6 });
  expect(inputOf(draft)).not.toHaveProperty('expirySetting');
});

it('A name is sent without the blanks around it, and a language that nobody has said is not sent', () => {
  expect(inputOf(draft)).toMatchObject({ label: 'Orders', SamlAdminGroupName: 'sales', enableExpiration: false });
  expect(inputOf(draft)).not.toHaveProperty('language');
});
