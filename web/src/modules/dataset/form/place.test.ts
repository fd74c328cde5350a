// What a form says of where a dataset is.

import { expect, it } from 'vitest';
import { checkInputOf, newPlace, placeInputOf, wrongPlaceFields } from './place.ts';

it('A dataset has to be in an environment, and one that is imported has to have a bucket', () => {
  expect(wrongPlaceFields(newPlace, 'create')).toEqual(new Set(['environmentUri']));
  expect(wrongPlaceFields(newPlace, 'import')).toEqual(new Set(['environmentUri', 'bucketName']));
  expect(wrongPlaceFields({ ...newPlace, environmentUri: 'a', bucketName: 'b' }, 'import')).toEqual(new Set());
});

it('What is left empty is not sent, and an alias is sent without its prefix', () => {
  const place = {
    ...newPlace,
    environmentUri: 'env',
    organizationUri: 'org',
    bucketName: ' lake ',
    kmsAlias: 'alias/lake',
  };
  expect(placeInputOf(place)).toEqual({
    environmentUri: 'env',
    organizationUri: 'org',
    bucketName: 'lake',
    KmsKeyAlias: 'lake',
  });
});

it('An import is asked about once it says where, for whom and which bucket', () => {
  const place = { ...newPlace, environmentUri: 'env', bucketName: 'lake', kmsAlias: 'alias/lake' };
  expect(checkInputOf({ ...place, bucketName: ' ' }, 'sales')).toBeUndefined();
  expect(checkInputOf(place, '')).toBeUndefined();
  expect(checkInputOf({ ...place, kmsAlias: '' }, 'sales')).toEqual({
    environmentUri: 'env',
    SamlAdminGroupName: 'sales',
    bucketName: 'lake',
  });
  expect(checkInputOf(place, 'sales')).toMatchObject({ KmsKeyAlias: 'lake' });
});
