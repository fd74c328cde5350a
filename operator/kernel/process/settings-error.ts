// What is wrong with settings, in words for who wrote them: what is missing by its name, and for an unknown key the nearest known one.

import { suggestionList } from 'graphql/jsutils/suggestionList.js';
import { z } from 'zod';

/** To be given to `safeParse` as `error`. */
export const settingsErrorMap: z.core.$ZodErrorMap = (issue) => {
  if ((issue.code === 'invalid_type' || issue.code === 'invalid_union') && issue.input === undefined)
    return 'is missing';
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return ofNearestOption(issue.errors);
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => message).join('; ');
  if (issue.code !== 'unrecognized_keys') return undefined;
  const known = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [];
  return issue.keys.map((key) => `unknown key ${key}${nearest(key, known)}`).join('; ');
};

/** Of what may be written in several ways: what is wrong with the way that it comes nearest to, and else what there is. */
function ofNearestOption(options: readonly (readonly z.core.$ZodIssue[])[]): string {
  const near = options.find((issues) => issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0));
  const told = near === undefined ? options.flat() : near;
  return told
    .map(({ path, message }) => [path.join('.'), message].filter((part) => part !== '').join(': '))
    .join(near === undefined ? ', or ' : '; ');
}

/** `, did you mean x?`, or what there is if nothing is near. */
export const nearest = (name: string, known: readonly string[]): string => {
  const [near] = suggestionList(name, known);
  return near === undefined ? ` (known: ${known.join(', ')})` : `, did you mean ${near}?`;
};

/** One line for each thing that is wrong, with its place. @param section that it is part of */
export const describeIssues = (error: z.ZodError, section?: string): string =>
  error.issues
    .map(({ path, message }) => {
      const place = [...(section === undefined ? [] : [section]), ...path.map(String)].join('.');
      return place === '' ? message : `${place}: ${message}`;
    })
    .join('\n');
